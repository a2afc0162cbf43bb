/// A page of text, tables and figures that needs nothing beside it: no script, no network, no font.
public struct Report: Sendable {
  /// What a section is made of.
  public enum Block: Sendable {
    /// A paragraph.
    case text(String)
    /// Names and what there is to say about each.
    case facts([(name: String, value: String)])
    /// Rows under a header; numbers are set to the right.
    case table(header: [String], rows: [[String]])
    /// A picture with its title and caption.
    case figure(Figure)
  }

  /// A heading and what stands below it.
  public struct Section: Sendable {
    /// The heading.
    public let title: String
    /// What stands below it.
    public let blocks: [Block]

    /// A section.
    public init(title: String, blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// The heading of the page.
  public let title: String
  /// One line below it.
  public let subtitle: String
  /// The sections, in order.
  public let sections: [Section]

  /// A page.
  public init(title: String, subtitle: String, sections: [Section]) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }

  /// All figures, in order.
  public var figures: [Figure] {
    sections.flatMap { section in
      section.blocks.compactMap { block in
        if case .figure(let figure) = block { return figure }
        return nil
      }
    }
  }
}
