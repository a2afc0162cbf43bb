/// What a fit needs to know of the picture under one cell.
struct CellSample {
  /// For each mask, the sum over device pixels of luma times coverage; groups of eight masks.
  let correlations: UnsafeMutableBufferPointer<SIMD8<Float>>
  /// The sum of luma over all device pixels.
  var sum: Float = 0
  /// The sum of squared luma over all device pixels.
  var squares: Float = 0
}

extension Frame {
  /// Fits every cell of the frame with `best`.
  mutating func drawCells(of image: GreyImage, plan: FittingPlan, best: (CellSample) -> Cell) {
    let columns = plan.columns
    let rows = plan.rows
    let groups = plan.groups
    withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: groups) { correlations in
      correlations.initialize(repeating: .zero)
      image.values.withUnsafeBufferPointer { values in
        for row in 0..<height {
          for column in 0..<width {
            let columnPhase = columns.phase[column]
            let phase = rows.phase[row] * columns.counts.count + columnPhase
            let extent = columns.counts[columnPhase].count
            let counts = plan.counts[phase]
            let start = rows.first[row] * image.width + columns.first[column]
            var sample = CellSample(correlations: correlations)
            correlations.update(repeating: .zero)
            plan.weights[phase].withUnsafeBufferPointer { weights in
              for pixel in 0..<counts.count {
                let luma = values[start + pixel / extent * image.width + pixel % extent] * 255
                // Most of a digit's cells are black, and black adds nothing.
                guard luma > 0 else { continue }
                sample.sum += counts[pixel] * luma
                sample.squares += counts[pixel] * luma * luma
                for group in 0..<groups { correlations[group] += weights[pixel * groups + group] * luma }
              }
            }
            cells[row * width + column] = best(sample)
          }
        }
      }
    }
  }

  /// Draws a picture that half blocks show exactly.
  ///
  /// The brighter half is always the foreground: upper and lower edges of a stroke then have the same pair of colours,
  /// which a terminal need not be told twice.
  mutating func drawHalves(of image: GreyImage, plan: FittingPlan, levels: GreyLevels) {
    for row in 0..<height {
      let isSplit = plan.rows.counts[plan.rows.phase[row]].count == 2
      for column in 0..<width {
        let pixel = plan.rows.first[row] * image.width + plan.columns.first[column]
        let upper = levels.index(nearest: image.values[pixel] * 255)
        let lower = isSplit ? levels.index(nearest: image.values[pixel + image.width] * 255) : upper
        cells[row * width + column] =
          upper == lower
          ? Cell(" ", background: levels.colors[lower])
          : Cell(
            upper > lower ? "▀" : "▄", foreground: levels.colors[max(upper, lower)],
            background: levels.colors[min(upper, lower)])
      }
    }
  }
}

/// The fit where greys are many: the best colours of each mask are solved for, then rounded to greys there are.
///
/// With foreground a, background b, mask m and n = 1 − m the squared error is Σ(x − am − bn)²; its smallest value over
/// all a and b bounds what rounded colours can reach, so most masks need not be rounded at all.
struct ContinuousCellFit {
  let plan: FittingPlan
  let levels: GreyLevels
  let avoidsSeams: Bool

  func best(_ sample: CellSample) -> Cell {
    let area = Float(GlyphMask.columns * GlyphMask.rows)
    let flat = levels.index(nearest: sample.sum / area)
    let flatLuma = levels.values[flat]
    var bestError = sample.squares - flatLuma * (2 * sample.sum - flatLuma * area)
    var best = Cell(" ", background: levels.colors[flat])
    // A cell whose greys differ by less than the levels do is even.
    if bestError <= area / 4 { return best }
    // The mask with the smallest bound first: it sorts out nearly all others.
    var promising = 0
    var largest: Float = 0
    for group in 0..<plan.groups {
      let reduction = plan.reduction(group: group, sample: sample)
      let most = reduction.max()
      if most > largest {
        largest = most
        promising = group
      }
    }
    for step in 0...plan.groups {
      let group = step == 0 ? promising : step - 1
      if step > 0 && group == promising { continue }
      let bound = SIMD8(repeating: sample.squares) - plan.reduction(group: group, sample: sample)
      guard bound.min() < bestError else { continue }
      for lane in 0..<8 where bound[lane] < bestError {
        let index = group * 8 + lane
        guard index < plan.masks.count else { break }
        let painted = sample.correlations[group][lane]
        let rest = sample.sum - painted
        let squares = plan.squares[group][lane]
        let cross = plan.areas[group][lane] - squares
        let restSquares = area - 2 * plan.areas[group][lane] + squares
        let determinant = squares * restSquares - cross * cross
        guard determinant > 0 else { continue }
        // Each colour rounded in turn, the other at its best beside it.
        let firstA = levels.index(nearest: (painted * restSquares - rest * cross) / determinant)
        let firstB = levels.index(nearest: (rest - levels.values[firstA] * cross) / restSquares)
        let secondB = levels.index(nearest: (rest * squares - painted * cross) / determinant)
        let secondA = levels.index(nearest: (painted - levels.values[secondB] * cross) / squares)
        let isOpen = !avoidsSeams || plan.masks[index].complement != nil
        func consider(_ a: Int, _ b: Int) {
          guard isOpen || a >= b else { return }
          let foreground = levels.values[a]
          let background = levels.values[b]
          let error =
            sample.squares - 2 * (foreground * painted + background * rest) + foreground * foreground * squares
            + background * background * restSquares + 2 * foreground * background * cross
          if error < bestError {
            bestError = error
            best = cell(plan.masks[index], a, b)
          }
        }
        consider(firstA, firstB)
        if firstA != secondA || firstB != secondB { consider(secondA, secondB) }
      }
    }
    return best
  }

  /// A mask in two greys: as for halves, the brighter in front where there is a glyph for it.
  private func cell(_ mask: GlyphMask, _ foreground: Int, _ background: Int) -> Cell {
    if foreground < background, let complement = mask.complement {
      return Cell(complement, foreground: levels.colors[background], background: levels.colors[foreground])
    }
    return Cell(mask.glyph, foreground: levels.colors[foreground], background: levels.colors[background])
  }
}

extension FittingPlan {
  /// By how much the best two colours, freely chosen, bring the squared error below the sum of squares.
  fileprivate func reduction(group: Int, sample: CellSample) -> SIMD8<Float> {
    let painted = sample.correlations[group]
    let rest = SIMD8(repeating: sample.sum) - painted
    let solution = solutions[group]
    return painted * (solution.painted * painted - 2 * solution.cross * rest) + rest * solution.rest * rest
  }
}

/// The fit where greys are few: every mask is tried with every pair of greys.
struct LevelPairFit {
  private let plan: FittingPlan
  private let levels: GreyLevels
  private let isMono: Bool
  private let flats: [(index: Int, luma: Float)]
  private let pairs: [Pair]

  private struct Pair {
    let foreground: Int
    let background: Int
    let difference: Float
    let luma: Float
    /// For each group of masks, the part of the squared error that does not depend on the picture.
    let constant: [SIMD8<Float>]
  }

  init(plan: FittingPlan, levels: GreyLevels, rendition: Rendition) {
    self.plan = plan
    self.levels = levels
    isMono = rendition.colors == .mono
    let avoidsSeams = rendition.avoidsSeams && rendition.unicode
    flats = levels.values.enumerated().map { ($0.offset, $0.element) }
    var pairs: [Pair] = []
    for (a, foreground) in levels.values.enumerated() {
      for (b, background) in levels.values.enumerated() where a != b {
        let constant = (0..<plan.groups).map { group -> SIMD8<Float> in
          let squares = plan.squares[group]
          let cross = plan.areas[group] - squares
          let restSquares = Float(GlyphMask.columns * GlyphMask.rows) - 2 * plan.areas[group] + squares
          var constant =
            foreground * foreground * squares + background * background * restSquares
            + 2 * foreground * background * cross
          if avoidsSeams, foreground < background {
            for lane in 0..<8 where group * 8 + lane < plan.masks.count {
              if plan.masks[group * 8 + lane].complement == nil { constant[lane] = .infinity }
            }
          }
          return constant
        }
        pairs.append(
          Pair(
            foreground: a, background: b, difference: foreground - background, luma: background, constant: constant))
      }
    }
    self.pairs = pairs
  }

  func best(_ sample: CellSample) -> Cell {
    let area = Float(GlyphMask.columns * GlyphMask.rows)
    var flat = 0
    var flatError = Float.infinity
    for (index, luma) in flats {
      let error = luma * (luma * area - 2 * sample.sum)
      if error < flatError { (flat, flatError) = (index, error) }
    }
    if flatError + sample.squares <= area / 4 { return cell(mask: 0, foreground: flat, background: flat) }
    var lowest = SIMD8<Float>(repeating: flatError)
    var choice = SIMD8<Int32>(repeating: -1)
    for (number, pair) in pairs.enumerated() {
      let offset = SIMD8<Float>(repeating: -2 * pair.luma * sample.sum)
      for group in 0..<plan.groups {
        let error = pair.constant[group] + offset - 2 * pair.difference * sample.correlations[group]
        let better = error .< lowest
        lowest.replace(with: error, where: better)
        choice.replace(with: SIMD8(repeating: Int32(number * plan.groups + group)), where: better)
      }
    }
    var lane = 0
    for candidate in 1..<8 where lowest[candidate] < lowest[lane] { lane = candidate }
    guard choice[lane] >= 0 else { return cell(mask: 0, foreground: flat, background: flat) }
    let pair = pairs[Int(choice[lane]) / plan.groups]
    let mask = Int(choice[lane]) % plan.groups * 8 + lane
    // Beyond the last mask the group is padded with copies of the space, which is the first.
    return cell(
      mask: mask < plan.masks.count ? mask : 0, foreground: pair.foreground, background: pair.background)
  }

  private func cell(mask index: Int, foreground: Int, background: Int) -> Cell {
    let mask = plan.masks[index]
    guard isMono else {
      return index == 0
        ? Cell(" ", background: levels.colors[background])
        : Cell(mask.glyph, foreground: levels.colors[foreground], background: levels.colors[background])
    }
    // In mono the brighter level is the terminal's foreground; what is bright around the glyph needs the complement
    // or reverse video.
    let isLit = index == 0 ? background > 0 : background > foreground
    if !isLit { return Cell(mask.glyph) }
    return mask.complement.map { Cell($0) } ?? Cell(mask.glyph, attributes: .reverse)
  }
}
