import KernelInterface

/// Orders instructions into phases and gives every buffer its place.
struct Arrangement {
  let planner: Planner

  func build(outputViews: [(String, View)]) -> Plan {
    planner.dropUnreadImages()
    let (order, phases) = arrange(planner.instructions)
    let (places, arenaCount, bases) = place(order, phases)
    return Plan(
      instructions: order, phases: phases, buffers: planner.buffers, places: places, arenaCount: arenaCount,
      parameterBases: bases, outputs: outputViews.map { (name: $0.0, view: $0.1) },
      bindings: planner.bindings,
      transposedParameters: planner.transposedParameters, updates: planner.updates.map { ($0.name, $0.adam) },
      floatingPointOperations: planner.floatingPointOperations)
  }

  /// As early as what it reads, and what others read of what it overwrites, allows.
  private func arrange(_ instructions: [PlannedInstruction]) -> ([PlannedInstruction], [Range<Int>]) {
    var lastWrite: [Int: Int] = [:]
    var lastRead: [Int: Int] = [:]
    var levels: [Int] = []
    for instruction in instructions {
      var level = 0
      for buffer in instruction.reads { level = max(level, lastWrite[buffer].map { $0 + 1 } ?? 0) }
      for buffer in instruction.writes {
        if !instruction.isPart { level = max(level, lastWrite[buffer].map { $0 + 1 } ?? 0) }
        // An update reads what it writes itself; only earlier readers count.
        level = max(level, lastRead[buffer].map { $0 + 1 } ?? 0)
      }
      levels.append(level)
      for buffer in instruction.reads { lastRead[buffer] = max(lastRead[buffer] ?? 0, level) }
      for buffer in instruction.writes { lastWrite[buffer] = max(lastWrite[buffer] ?? 0, level) }
    }
    let sorted = instructions.indices.sorted { (levels[$0], $0) < (levels[$1], $1) }
    var phases: [Range<Int>] = []
    for (position, index) in sorted.enumerated() {
      if position > 0, levels[sorted[position - 1]] == levels[index], let last = phases.last {
        phases[phases.count - 1] = last.lowerBound..<position + 1
      } else {
        phases.append(position..<position + 1)
      }
    }
    return (sorted.map { instructions[$0] }, phases)
  }

  /// Temporaries share memory where their lifetimes, counted in phases, do not meet; largest first, first fit.
  private func place(
    _ instructions: [PlannedInstruction], _ phases: [Range<Int>]
  ) -> (places: [Location], count: Int, bases: [(buffer: Int, kind: Buffer.Kind)]) {
    let buffers = planner.buffers
    var first = [Int](repeating: Int.max, count: buffers.count)
    var last = [Int](repeating: -1, count: buffers.count)
    for (phase, range) in phases.enumerated() {
      for instruction in instructions[range] {
        for buffer in instruction.reads.union(instruction.writes) {
          first[buffer] = min(first[buffer], phase)
          last[buffer] = max(last[buffer], phase)
        }
      }
    }
    var places = [Location](repeating: Location(base: -1), count: buffers.count)
    var bases: [(buffer: Int, kind: Buffer.Kind)] = []
    var placed: [(first: Int, last: Int, offset: Int, count: Int)] = []
    var end = 0
    for buffer in buffers.indices.sorted(by: { (buffers[$0].count, $1) > (buffers[$1].count, $0) }) {
      let count = (buffers[buffer].count + 31) / 16 * 16
      switch buffers[buffer].kind {
      case .parameter, .firstMoment, .secondMoment:
        bases.append((buffer, buffers[buffer].kind))
        places[buffer] = Location(base: bases.count)
        continue
      case .input, .scalar, .constant:
        first[buffer] = 0
        last[buffer] = Int.max
      case .temporary:
        if last[buffer] < 0 && !buffers[buffer].isOutput { continue }
        if buffers[buffer].isOutput { (first[buffer], last[buffer]) = (min(first[buffer], 0), Int.max) }
      }
      var offset = 0
      for other in placed.sorted(by: { $0.offset < $1.offset })
      where other.first <= last[buffer] && first[buffer] <= other.last && other.offset < offset + count {
        offset = max(offset, other.offset + other.count)
      }
      placed.append((first[buffer], last[buffer], offset, count))
      places[buffer] = Location(base: 0, offset: offset)
      end = max(end, offset + count)
    }
    return (places, end, bases)
  }
}
