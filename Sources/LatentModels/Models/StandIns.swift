extension Configuration {
  /// The same with something in the place of what only the data can tell of a model and nothing has told yet: its classes,
  /// the values of what it is told, and the codes of the model beneath. What its terms are does not depend on them.
  public var completed: Configuration {
    var configuration = self
    let row = model.row
    // What it is told may be named before its values are known.
    if row.usesAttribute, model.attribute?.valueNames.isEmpty ?? true {
      configuration.model.attribute = SensitiveAttribute(name: model.attribute?.name ?? "s", valueNames: ["0", "1"])
    }
    if row.needsClasses(training.labels), model.classNames.isEmpty {
      configuration.model.classNames = ["0", "1"]
    }
    if row.usesCodes, model.codes == nil {
      configuration.model.codes = CodesConfiguration(hidden: [], latent: 1, kept: [0])
    }
    return configuration
  }
}
