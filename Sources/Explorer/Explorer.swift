/// The program one sees: a trained model's latent space, steered by keys, with training beside it.
public enum Explorer {
  /// Runs the explorer until the person leaves it (or the script of keys ends).
  ///
  /// - Returns: The exit status: 0, or 1 where something asked for on the command line could not be opened.
  /// - Throws: A typed error, before anything was written to the terminal, when it cannot be used.
  public static func run(_ options: ExplorerOptions) throws -> Int32 {
    0
  }
}
