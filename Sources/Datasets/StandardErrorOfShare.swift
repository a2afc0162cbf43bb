/// The standard error of a share of `count` independent trials, √(p(1 − p)/n); nil where all or none succeeded, for it would
/// be 0 however few they are.
public func standardErrorOfShare(_ share: Double, of count: Int) -> Double? {
  count > 0 && share > 0 && share < 1 ? (share * (1 - share) / Double(count)).squareRoot() : nil
}
