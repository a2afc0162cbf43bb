extension ImageSet {
  /// The images made `shape` large by `fit`; this set where they are already and would not change.
  public func fitted(_ fit: ImageFit, to shape: ImageShape) throws -> ImageSet {
    // `centre` moves what has the size too: that is what it is for.
    if width == shape.width, height == shape.height, fit != .centre { return self }
    try PictureLimits.checkTotal(count: count, shape, name: name)
    let (fitting, source) = (ImageFitting(shape), (width: width, height: height))
    var pixels: [Float] = []
    pixels.reserveCapacity(count * shape.pixelCount)
    for index in 0..<count {
      pixels += fitting.fitted(fit, tensor(index..<index + 1).elements, width: source.width, height: source.height)
    }
    var result: ImageSet
    // What was cut out of bytes is bytes; what was scaled is not.
    if fit == .crop, !holdsFloats {
      result = try ImageSet(name: name, width: shape.width, height: shape.height, pixels: pixels.map(byte(fromUnit:)))
    } else {
      result = try ImageSet(name: name, width: shape.width, height: shape.height, floats: pixels)
    }
    result = result.inPart(part).withLabels(labels, names: classNames, factors: factors)
    result.notes = notes
    return result
  }
}

/// Brings images to one size.
struct ImageFitting {
  private let shape: ImageShape
  /// MNIST's digits fill 20 of 28 pixels.
  private static let digitShare = Float(20) / 28
  /// What is darker than this share of the brightest pixel is paper, not ink.
  private static let paper: Float = 0.1

  init(_ shape: ImageShape) { self.shape = shape }

  /// An image of `width` × `height` values in 0…1, row by row, as one of the size asked for.
  func fitted(_ fit: ImageFit, _ pixels: [Float], width: Int, height: Int) -> [Float] {
    let image = Plane(width: width, height: height, values: pixels)
    switch fit {
    case .crop:
      return placed(image, left: (shape.width - width) / 2, top: (shape.height - height) / 2)
    case .scale:
      let scaled = scaled(image, into: (Float(shape.width), Float(shape.height)))
      return placed(scaled, left: (shape.width - scaled.width) / 2, top: (shape.height - scaled.height) / 2)
    case .centre:
      guard let ink = inked(image) else { return [Float](repeating: 0, count: shape.pixelCount) }
      let scaled = scaled(
        ink, into: (Float(shape.width) * Self.digitShare, Float(shape.height) * Self.digitShare))
      let mass = centreOfMass(scaled)
      func start(_ size: Int, _ own: Int, _ centre: Float) -> Int {
        // In MNIST the centre of mass is that of pixel 14 of 28, half a pixel right of and below the middle (measured: all
        // of its digits within half a pixel of it). Nothing of the digit is pushed over the edge.
        min(max(Int((Float(size) / 2 + 0.5 - centre).rounded()), 0), max(size - own, 0))
      }
      return placed(
        scaled, left: start(shape.width, scaled.width, mass.x), top: start(shape.height, scaled.height, mass.y))
    }
  }

  private struct Plane {
    var width: Int
    var height: Int
    var values: [Float]
  }

  /// `image` with its upper left corner at a place of an otherwise black image; what lies outside is cut off.
  private func placed(_ image: Plane, left: Int, top: Int) -> [Float] {
    var result = [Float](repeating: 0, count: shape.pixelCount)
    for y in max(0, top)..<max(max(0, top), min(shape.height, top + image.height)) {
      for x in max(0, left)..<max(max(0, left), min(shape.width, left + image.width)) {
        result[y * shape.width + x] = image.values[(y - top) * image.width + x - left]
      }
    }
    return result
  }

  /// The smallest part of `image` that holds everything bright; nil where all is black.
  private func inked(_ image: Plane) -> Plane? {
    let brightest = image.values.max() ?? 0
    guard brightest > 0 else { return nil }
    var (left, right, top, bottom) = (image.width, -1, image.height, -1)
    for y in 0..<image.height {
      for x in 0..<image.width where image.values[y * image.width + x] > Self.paper * brightest {
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      }
    }
    var part = Plane(width: right - left + 1, height: bottom - top + 1, values: [])
    for y in top...bottom { part.values += image.values[(y * image.width + left)...(y * image.width + right)] }
    return part
  }

  /// `image` as large as fits into `room` with its proportions.
  private func scaled(_ image: Plane, into room: (width: Float, height: Float)) -> Plane {
    let factor = min(room.width / Float(image.width), room.height / Float(image.height))
    func side(_ length: Int, _ room: Float) -> Int {
      max(1, min(Int((Float(length) * factor).rounded()), Int(room.rounded())))
    }
    let (width, height) = (side(image.width, room.width), side(image.height, room.height))
    let rows = Resampling(from: image.width, to: width)
    var across = Plane(width: width, height: image.height, values: [])
    across.values.reserveCapacity(width * image.height)
    for y in 0..<image.height { across.values += rows.applied(to: image.values, start: y * image.width, step: 1) }
    let columns = Resampling(from: image.height, to: height)
    var result = Plane(width: width, height: height, values: [Float](repeating: 0, count: width * height))
    for x in 0..<width {
      for (y, value) in columns.applied(to: across.values, start: x, step: width).enumerated() {
        result.values[y * width + x] = value
      }
    }
    return result
  }

  private func centreOfMass(_ image: Plane) -> (x: Float, y: Float) {
    var (sum, x, y): (Float, Float, Float) = (0, 0, 0)
    for row in 0..<image.height {
      for column in 0..<image.width {
        let value = image.values[row * image.width + column]
        sum += value
        x += value * (Float(column) + 0.5)
        y += value * (Float(row) + 0.5)
      }
    }
    return sum > 0 ? (x / sum, y / sum) : (Float(image.width) / 2, Float(image.height) / 2)
  }
}

/// A line of pixels made longer or shorter with a triangular filter, as wide as the coarser of the two grids, so that
/// nothing that is made smaller is lost between the samples.
private struct Resampling {
  private let taps: [(first: Int, weights: [Float])]

  init(from length: Int, to target: Int) {
    let scale = Float(length) / Float(target)
    let reach = max(1, scale)
    taps = (0..<target).map { place in
      let centre = (Float(place) + 0.5) * scale
      let first = max(0, Int((centre - reach).rounded(.down)))
      let last = min(length - 1, Int((centre + reach).rounded(.up)))
      let weights = (first...max(first, last)).map { max(0, 1 - abs((Float($0) + 0.5 - centre) / reach)) }
      let sum = weights.reduce(0, +)
      return (first, sum > 0 ? weights.map { $0 / sum } : weights)
    }
  }

  func applied(to values: [Float], start: Int, step: Int) -> [Float] {
    taps.map { tap in
      var sum: Float = 0
      var index = start + tap.first * step
      for weight in tap.weights {
        sum += weight * values[index]
        index += step
      }
      return min(max(sum, 0), 1)
    }
  }
}
