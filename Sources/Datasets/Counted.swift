/// So many things in words: `1 step`, `2 steps`; `plural` is what several are called where that is not the same with an s.
public func counted(_ count: Int, _ thing: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? thing : plural ?? thing + "s")"
}
