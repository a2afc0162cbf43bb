extension String {
  /// A name as it stands in a message: one that somebody left empty must be seen to be empty.
  public var visibleName: String { isEmpty ? "''" : self }
}
