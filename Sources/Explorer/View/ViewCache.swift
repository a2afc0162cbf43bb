import Canvas

/// Pictures kept from frame to frame.
struct ViewCache {
  private(set) var rendition: Rendition?
  private var digits: [Scene.Part: DigitSheet] = [:]
  private var scatter: (key: ScatterKey, ground: ScatterPlot.Ground)?
  /// Small scatters of the codes last shown.
  private var pairs: (codes: Int, frames: [ScatterPairKey: Frame])?

  private var thumbnails: [ThumbnailKey: Frame] = [:]
  private var legend: (key: LegendKey, legend: ClassLegend)?

  init() {}
  init(rendition: Rendition) { self.rendition = rendition }

  /// Pictures of one size, drawn.
  private struct DigitSheet {
    var images: [GreyImage]
    var width: Int
    var height: Int
    var frames: [Frame]
  }

  /// The pictures of a part as cells.
  mutating func frames(
    of part: Scene.Part, _ images: [GreyImage], width: Int, height: Int, rendition: Rendition
  ) -> [Frame] {
    if let known = digits[part], known.width == width, known.height == height, known.images == images {
      return known.frames
    }
    let fitter = GlyphFitter(rendition: rendition)
    let frames = images.map { fitter.fit($0, width: width, height: height) }
    digits[part] = DigitSheet(images: images, width: width, height: height, frames: frames)
    return frames
  }

  /// Which stored image a small picture shows, and how large.
  struct ThumbnailKey: Hashable {
    let codes: Int
    let index: Int
    let width: Int
    let height: Int
  }

  /// A stored image as cells: neighbours stay the same over many keys.
  mutating func thumbnail(_ key: ThumbnailKey, rendition: Rendition, make: () -> GreyImage) -> Frame {
    if let known = thumbnails[key] { return known }
    if thumbnails.count > 1_000 { thumbnails = [:] }
    let made = GlyphFitter(rendition: rendition).fit(make(), width: key.width, height: key.height)
    thumbnails[key] = made
    return made
  }

  /// The legend of some classes, made where it is not the one shown last.
  mutating func legend(
    _ classes: [NamedClass], hidden: Set<Int32>, asMarks: Bool?, marks: ClassMarks, rendition: Rendition
  ) -> ClassLegend {
    let key = LegendKey(classes: classes, hidden: hidden, asMarks: asMarks, marks: marks)
    if let legend, legend.key == key { return legend.legend }
    let made = ClassLegend(classes, hidden: hidden, asMarks: asMarks, marks: marks, rendition: rendition)
    legend = (key, made)
    return made
  }

  private struct LegendKey: Hashable {
    let classes: [NamedClass]
    let hidden: Set<Int32>
    let asMarks: Bool?
    let marks: ClassMarks
  }

  /// All that the ground of a scatter depends on.
  private struct ScatterKey: Hashable {
    let cloud: Int?
    let plot: State.PlotView
    let window: PlotWindow
    let axisNames: [String]
    let options: Set<ViewOption>
    let isClassified: Bool
    let rings: SIMD2<Float>?
    let width: Int
    let height: Int
  }

  /// A small scatter of some codes, made where it is not known.
  mutating func pair(_ key: ScatterPairKey, of codes: Int, make: () -> Frame) -> Frame {
    if pairs?.codes != codes || pairs.map({ $0.frames.count > 2_000 }) ?? true { pairs = (codes, [:]) }
    if let known = pairs?.frames[key] { return known }
    let made = make()
    pairs?.frames[key] = made
    return made
  }

  /// The codes of a scatter with the axes around them.
  mutating func ground(
    of empty: ScatterPlot, state: State, width: Int, height: Int, rendition: Rendition
  ) -> ScatterPlot.Ground {
    let rings = state.options.contains(.rings) ? state.priorCenter : nil
    let key = ScatterKey(
      cloud: state.cloud?.id, plot: state.plot, window: empty.window,
      axisNames: [empty.horizontalLabel, empty.verticalLabel], options: state.options,
      isClassified: state.classification != nil, rings: rings, width: width, height: height)
    if let scatter, scatter.key == key { return scatter.ground }
    var plot = empty
    if let cloud = state.cloud {
      plot.points = cloud.points(state.plot.x, state.plot.y)
      ScatterPicture.color(&plot, cloud, state)
    }
    if let rings { (plot.ringRadii, plot.ringCenter) = ([1, 2, 3], rings) }
    plot.showsDensity = state.options.contains(.density)
    plot.marks = state.classMarks(rendition)
    let ground = plot.ground(width: width, height: height, rendition: rendition)
    scatter = (key, ground)
    return ground
  }
}

/// All that a small scatter depends on.
struct ScatterPairKey: Hashable {
  let cloud: Int
  let x: Int
  let y: Int
  let width: Int
  let height: Int
  let hidden: Set<Int32>
  let isMarked: Bool
}
