extension String {
  /// The text in ASCII alone, for a locale that has no more: signs spelled (`beta`, `+-`, `->`), glyphs by what looks most
  /// like them, and `?` for letters that have no other form.
  public var inASCII: String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isASCII {
        text.unicodeScalars.append(scalar)
      } else if let spelled = scalar.asciiSpelling {
        text += spelled
      } else {
        text.unicodeScalars.append(scalar.asciiLikeness)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// How a sign of formulas and sentences is spelled in ASCII, where a single character would make another one of it; nil of
  /// any other.
  public var asciiSpelling: String? { Self.spellings[self] }

  private static let spellings: [Unicode.Scalar: String] = [
    "…": "...", "±": "+-", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf", "·": "*", "‖": "||",
    "²": "^2",
    "½": "1/2", "°": " degrees", "√": "sqrt", "∈": "in", "ᵀ": "^T", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "①": "(1)",
    "②": "(2)", "③": "(3)", "④": "(4)", "Ⓐ": "(A)", "Ⓑ": "(B)", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta",
    "ε": "epsilon", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "phi",
    "ψ": "psi", "Δ": "Delta", "Π": "product", "Σ": "sum", "é": "e", "ò": "o",
  ]
}
