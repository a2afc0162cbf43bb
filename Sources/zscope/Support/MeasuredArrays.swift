import Analysis
import Datasets
import Tensors

/// The arrays that `zscope measure` is given, by the names of their files.
struct MeasuredArrays {
  let codes: String
  /// Whether the codes are means, then log-variances.
  let isEncoded: Bool
  let logVariances: String?
  let factors: String?
  let factorNames: [String]
  let labels: String?
  let testCodes: String?
  let testFactors: String?
  let testLabels: String?

  /// What is measured, and what is only tried on.
  ///
  /// - Throws: `CommandError`, `DatasetError`.
  func representations() throws -> (measured: Representation, test: Representation?) {
    let paths = [codes, testCodes].compactMap(\.self)
    let arrays = try paths.map { (path: $0, numbers: try Arrays.read($0)) }
    var joint = try JointColumns(arrays)
    let factors = try factorsByArray(counts: joint.counts)
    let labels = try classesByArray(counts: joint.counts)
    var variances = try logVariances.map { try JointColumns([($0, Arrays.read($0))]) }
    if isEncoded {
      let width = joint.columns.count
      guard width % 2 == 0 else {
        throw CommandError(
          "\(inputName(codes)): \(width) values a code are no means and log-variances", remedy: "leave out --encoded")
      }
      variances = joint.choosing(columns: width / 2..<width)
      joint = joint.choosing(columns: 0..<width / 2)
    }
    let precisions = arrays.map { Self.precision($0.numbers.type) }
    let (held, units) = try joint.held(precisions)
    let spreads = variances.map { spreads in
      spreads.tensors(spreads.columns.map { JointColumns.doubles($0).values.map { Float($0) } })
    }
    let representations = try paths.indices.map { place in
      let spread = spreads.flatMap { $0.indices.contains(place) ? $0[place] : nil }
      let (classes, causes) = (labels?.labels[place], factors.isEmpty ? [] : factors[place])
      let isTest = place > 0
      let means = held[place].floats
      // One after the other, so that an error is said of the file that it is in.
      try Self.check(paths[place], means)
      try Self.check(isEncoded ? paths[place] : logVariances, means, logVariances: spread)
      try Self.check(isTest ? testLabels : self.labels, means, labels: classes)
      try Self.check(isTest ? testFactors : self.factors, means, factors: causes)
      return try Representation(
        means: means, logVariances: spread, labels: classes, classNames: labels?.names ?? [], factors: causes,
        precision: precisions[place], units: units, exact: held[place].exact)
    }
    return (representations[0], representations.count > 1 ? representations[1] : nil)
  }

  /// Holds one array against the means; what is wrong with it is said of the file `path`, and nothing where there is none.
  private static func check(
    _ path: String?, _ means: Tensor, logVariances: Tensor? = nil, labels: [Int32]? = nil, factors: [Factor] = []
  ) throws {
    guard let path else { return }
    try about(path) {
      _ = try Representation(means: means, logVariances: logVariances, labels: labels, factors: factors)
    }
  }

  /// What `body` makes, its errors said of the file `path`.
  static func about<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as AnalysisError {
      throw CommandError("\(inputName(path)): \(error)")
    }
  }

  /// What numpy computes with where an array is of `type`.
  private static func precision(_ type: ElementType) -> Representation.Precision {
    switch type {
    case .float16: .half
    case .float32: .single
    default: .double
    }
  }

  /// The factors of each array; none where there are none.
  private func factorsByArray(counts: [Int]) throws -> [[Factor]] {
    let paths = [factors, testFactors].compactMap(\.self)
    guard let path = paths.first else { return [] }
    let arrays = try Arrays.classes(paths, counts: counts)
    let joint = try JointColumns(Array(zip(paths, arrays)))
    let areDoubles = arrays.contains { Self.precision($0.type) == .double }
    let width = joint.columns.count
    guard factorNames.isEmpty || factorNames.count == width else {
      throw CommandError(
        "\(inputName(path)): \(Text.counted(width, "factor")), but \(Text.counted(factorNames.count, "name"))",
        remedy: "name each of them with --factor-names")
    }
    let names = try factorNames.isEmpty ? Arrays.factorNames(path, count: width) : factorNames
    var factors = joint.counts.map { _ in [Factor]() }
    for (place, column) in joint.columns.enumerated() {
      let numbers = JointColumns.inOwnUnit(column)
      let values = joint.parts(of: numbers.floats)
      let exact = areDoubles ? joint.parts(of: numbers.exact) : nil
      let classes = Self.classes(of: column, in: joint).map { joint.parts(of: $0) }
      let name = names.isEmpty ? "v\(place + 1)" : names[place]
      for array in factors.indices {
        factors[array].append(
          Factor(
            name: name, values: values[array], classes: classes?[array], exact: exact?[array]))
      }
    }
    return factors
  }

  /// The class of every value of a column of factors; nil where the values are quantities, and where floats hold them, so
  /// that the measures tell.
  ///
  /// Integers are classes where there are at most half as many as rows. What is decided by is what is learnt from: the
  /// first array.
  private static func classes(of column: StoredNumbers.Elements, in joint: JointColumns) -> [Int32]? {
    let rows = joint.counts[0]
    guard rows > 0 else { return nil }
    let first = column.prefix(rows)
    let distinct = JointColumns.distinct(first)
    if joint.areIntegers {
      let areClasses =
        distinct <= max(2, rows / 2) || Factor.areClasses(distinct: distinct, areWhole: true, count: rows)
      return areClasses ? JointColumns.numbered(column) : nil
    }
    guard case .real(let values) = column, values.allSatisfy(\.isFinite),
      values.contains(where: { Double(Float($0)) != $0 })
    else { return nil }
    let areWhole = values[..<rows].allSatisfy { $0 == $0.rounded() }
    let areClasses = Factor.areClasses(distinct: distinct, areWhole: areWhole, count: rows)
    return areClasses ? JointColumns.numbered(column) : nil
  }

  /// The labels of each array, a class having one number in both.
  private func classesByArray(counts: [Int]) throws -> (labels: [[Int32]], names: [String])? {
    let paths = [labels, testLabels].compactMap(\.self)
    guard !paths.isEmpty else { return nil }
    let arrays = try Arrays.classes(paths, counts: counts)
    for (path, array) in zip(paths, arrays) {
      guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
        throw CommandError("\(inputName(path)): labels of shape \(array.shape)", remedy: "give one label a code, [n]")
      }
    }
    let classes = try zip(paths, arrays).map { try $1.classes(name: $0) }
    let numbered = ClassNumbers.joint(classes)
    return (numbered.labels, numbered.names)
  }
}
