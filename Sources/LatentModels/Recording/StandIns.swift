extension Configuration {
  /// The same with something in the place of what only the data can tell of a model and nothing has told yet: its classes,
  /// the values of what it is told, and the codes of the model beneath. What its terms are does not depend on them.
  public var completed: Configuration {
    var configuration = self
    let row = model.row
    if row.usesAttribute, model.attribute == nil {
      configuration.model.attribute = SensitiveAttribute(name: "s", valueNames: ["0", "1"])
    }
    // A model that is told a property may do without classes.
    if row.usesLabels, model.classNames.isEmpty, !(row.usesAttribute && training.labels == .none) {
      configuration.model.classNames = ["0", "1"]
    }
    if row.usesCodes, model.codes == nil {
      configuration.model.codes = CodesConfiguration(hidden: [], latent: 1, kept: [0])
    }
    return configuration
  }
}
