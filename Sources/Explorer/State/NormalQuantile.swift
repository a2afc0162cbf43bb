/// The inverse of the normal distribution function.
enum NormalQuantile {
  /// Acklam's rational approximation (2003), good to 1.2e−9 relative; `share` in 0…1.
  static func of(_ share: Float) -> Float {
    let p = min(max(Double(share), 1e-9), 1 - 1e-9)
    if p > 0.5 { return -of(Float(1 - p)) }
    if p < 0.02425 {
      let q = (-2 * Double(Exponential.logarithm(Float(p)))).squareRoot()
      let c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00]
      let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00]
      let upper = (((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + 4.374664141464968
      let numerator = upper * q + 2.938163982698783
      return Float(numerator / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1))
    }
    let q = p - 0.5
    let r = q * q
    let a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02]
    let b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01]
    let upper = ((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r - 3.066479806614716e+01) * r + 2.506628277459239
    let lower = ((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r - 1.328068155288572e+01) * r + 1
    return Float(upper * q / lower)
  }
}
