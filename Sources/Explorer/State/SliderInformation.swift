import Analysis

/// I(x; z_d) of the codes at hand, beside the sliders: by the measure that the insight screen and reports show, so that
/// no two of them differ. It is computed beside the loop, and only where a window has room for it: the first screen does
/// not wait for it.
struct SliderInformation: PaneState {
  /// The codes that were asked about last.
  fileprivate(set) var codes: Int?
  /// What was found, by the places of the dimensions; empty before it was, and where there is none.
  fileprivate(set) var values: [Float] = []

  init() {}

  /// The nats that each dimension of a cloud tells about the image; nothing where they cannot be told.
  static func values(of cloud: CodeCloud) -> [Float] {
    let table = try? Measure.dimensionInformation.evaluate(Examination.measurement(of: cloud)).informationByDimension
    return table?.map { Float($0) } ?? []
  }
}

extension MeasureResult {
  /// What `Measure.dimensionInformation` found, dimension by dimension.
  fileprivate var informationByDimension: [Double]? { table("I(x; z_d)")?.values }
}

extension State {
  /// The mutual information I(x; z_d) of the image and a dimension in nats, where it is known.
  func information(_ dimension: Int) -> Float? {
    guard let place = measuredPlace(of: dimension) else { return nil }
    let informations = informations
    return informations.indices.contains(place) ? informations[place] : nil
  }

  /// That of every dimension, by their places; empty where it is not known.
  var informations: [Float] {
    guard let cloud else { return [] }
    if let finding = insight.findings[Measure.dimensionInformation.name], finding.codes == cloud.codesID,
      let known = finding.result?.informationByDimension
    {
      return known.map { Float($0) }
    }
    let own = panes[SliderInformation.self]
    return own.codes == cloud.codesID ? own.values : []
  }

  /// The codes whose information is not known and can be told: codes of a run that goes on change too fast.
  var codesWithoutInformation: CodeCloud? {
    guard let cloud, cloud.hasPosterior, cloud.density != nil, !subject.columns.dimensions.isEmpty,
      panes[SliderInformation.self].codes != cloud.codesID, informations.isEmpty
    else { return nil }
    return cloud
  }

  /// Has the information told where the sliders have room for it, as the panes lie now.
  mutating func askForInformation(in layout: Layout?) -> [Effect] {
    guard let cloud = codesWithoutInformation, let layout,
      layout.inside(.sliders).width >= SliderRows.leastWidthOfInformation
    else { return [] }
    panes[SliderInformation.self].codes = cloud.codesID
    panes[SliderInformation.self].values = []
    return [.inform(cloud)]
  }

  /// Takes in what was found of codes, as long as they are those asked about last.
  mutating func take(informations values: [Float], of codes: Int) -> [Effect] {
    guard cloud?.codesID == codes else { return [] }
    panes[SliderInformation.self].codes = codes
    panes[SliderInformation.self].values = values
    return []
  }
}
