/// What the arrays of an archive say of each other: which holds what, and what the columns of another are called.
extension NPZ {
  /// What dSprites calls its six factors (Matthey 2017), whose names lie in a pickle that is never run.
  private static let spriteFactors = ["color", "shape", "scale", "orientation", "posX", "posY"]
  /// What the arrays of its factors are called.
  private static let spriteArrays = ["latents_values", "latents_classes"]

  /// The array called by one of `candidates`, the earliest of them; capitals and folders in the archive do not matter.
  func first(of candidates: [String]) -> String? {
    let known = Dictionary(names.map { (fileName($0).lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    return candidates.lazy.compactMap { known[$0] }.first
  }

  /// The words of an array of names; where they cannot be read there are none, and a note that says why.
  func nameList(_ array: String) -> (names: [String], note: String?) {
    do {
      if let texts = try texts(array) { return (texts, nil) }
      return ([], "the names in \(array) are left out: they are no texts (numpy.array(names) makes some)")
    } catch {
      let problem = (error as? DatasetError)?.problem ?? "\(error)"
      return ([], "the names in \(array) are left out: the array \(problem)")
    }
  }

  /// What the archive calls the `count` columns of its array of factors called `array`: by `latents_names`, as files laid out
  /// like dSprites have them, or `factor_names`; none where it says none that fit, and a note where some do not.
  public func factorNames(of array: String, count: Int) -> (names: [String], note: String?) {
    var (names, note): ([String], String?) = ([], nil)
    if let stored = first(of: ["latents_names", "factor_names"]) {
      (names, note) = nameList(stored)
      if !names.isEmpty, names.count != count {
        note = "the names in \(stored) are left out: they are \(names.count) for \(counted(count, "factor"))"
        names = []
      }
    }
    let areSprites = count == Self.spriteFactors.count && Self.spriteArrays.contains(fileName(array).lowercased())
    return (names.isEmpty && areSprites ? Self.spriteFactors : names, note)
  }
}
