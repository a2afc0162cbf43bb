import CIntrinsics
import KernelInterface

/// Runs units of a strip program: a small interpreter whose every step works on a strip of up to 128 elements, so its
/// dispatch is paid once a strip and intermediate values stay in the first-level cache.
struct StripMachine {
  let program: UnsafePointer<StripProgram>
  let context: UnsafePointer<RunContext>
  /// One strip of memory for each register.
  let memory: UnsafeMutablePointer<Float>

  typealias Registers = UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>

  /// Where gathered operands are read; kept in memory after the strips.
  private var sources: UnsafeMutablePointer<UnsafeMutablePointer<Float>> {
    UnsafeMutableRawPointer(memory + (maximumRegisters &+ 1) &* stripLength)
      .assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
  }

  func run(_ first: Int, _ last: Int) {
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>.self, capacity: maximumRegisters) { registers in
      for register in 0..<maximumRegisters { registers[register] = memory + register &* stripLength }
      let operandCount = program.pointee.operandCount
      for constant in 0..<program.pointee.constantCount {
        fill(registers[operandCount &+ constant], program.pointee.constants[constant])
      }
      for unit in first..<last {
        if program.pointee.reduction == .none {
          runPlain(unit, registers)
        } else if program.pointee.stripAxisIsReduced {
          runAlongReduced(unit, registers)
        } else {
          runAcrossReduced(unit, registers)
        }
      }
    }
  }

  /// Elements of the strip axis, and how many units it is cut into.
  private var extent: Int { program.pointee.extents[program.pointee.rank &- 1] }
  private var chunks: Int { (extent &+ program.pointee.chunk &- 1) / program.pointee.chunk }

  private func runPlain(_ unit: Int, _ registers: Registers) {
    let chunks = chunks
    let start = unit % chunks &* program.pointee.chunk
    let count = min(program.pointee.chunk, extent &- start)
    var position = InlineArray<6, Int>(repeating: 0)
    decompose(unit / chunks, 0, program.pointee.keptOuter, &position)
    bind(position, start, count, registers)
    if program.pointee.output.isPacked {
      let result = execute(count, registers, into: nil)
      let positions = positions(position, start)
      let target = address(program.pointee.output, position, start) + Int(positions[0])
      let sums = zscope_pack_live(result, count, positions, target)
      if program.pointee.sums.base >= 0 {
        (context.pointee.address(program.pointee.sums) + unit).pointee = sumOfLanes(sums)
      }
      return
    }
    let target = address(program.pointee.output, position, start)
    let stride = program.pointee.output.strides[program.pointee.rank &- 1]
    let direct = stride == 1 && count & 15 == 0
    let result = execute(count, registers, into: direct ? target : nil)
    if result == target { return }
    write(result, count, target, stride)
  }

  /// The strip axis is kept: strips are added up over the reduced axes.
  private func runAcrossReduced(_ unit: Int, _ registers: Registers) {
    let chunks = chunks
    let start = unit % chunks &* program.pointee.chunk
    let count = min(program.pointee.chunk, extent &- start)
    var position = InlineArray<6, Int>(repeating: 0)
    decompose(unit / chunks, 0, program.pointee.keptOuter, &position)
    let accumulator = memory + maximumRegisters &* stripLength
    let isSum = program.pointee.reduction == .sum
    fill(accumulator, isSum ? 0 : -.infinity)
    let last = program.pointee.rank &- 1
    var total = 1
    for axis in program.pointee.keptOuter..<last { total &*= program.pointee.extents[axis] }
    let single = last &- program.pointee.keptOuter == 1
    for index in 0..<total {
      if single, index > 0 {
        advance(program.pointee.keptOuter, count, registers)
      } else {
        decompose(index, program.pointee.keptOuter, last, &position)
        bind(position, start, count, registers)
      }
      let result = execute(count, registers, into: nil)
      for vector in 0..<(count &+ 15) / 16 {
        let old = load(accumulator + vector &* 16)
        let new = load(result + vector &* 16)
        store(isSum ? old + new : maximum(old, new), accumulator + vector &* 16)
      }
    }
    for axis in program.pointee.keptOuter..<last { position[axis] = 0 }
    write(accumulator, count, address(program.pointee.output, position, start), program.pointee.output.strides[last])
  }

  /// The strip axis is reduced: sixteen interleaved sums, joined at the end in a fixed order.
  private func runAlongReduced(_ unit: Int, _ registers: Registers) {
    var position = InlineArray<6, Int>(repeating: 0)
    decompose(unit, 0, program.pointee.keptOuter, &position)
    let last = program.pointee.rank &- 1
    let isSum = program.pointee.reduction == .sum
    let neutral: Float = isSum ? 0 : -.infinity
    var accumulator = splat(neutral)
    var total = 1
    for axis in program.pointee.keptOuter..<last { total &*= program.pointee.extents[axis] }
    let lanes = IntVector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    for index in 0..<total {
      decompose(index, program.pointee.keptOuter, last, &position)
      var start = 0
      while start < extent {
        let count = min(stripLength, extent &- start)
        bind(position, start, count, registers)
        let result = execute(count, registers, into: nil)
        var done = 0
        while done < count {
          var value = load(result + done)
          if count &- done < 16 {
            value = choose(lanes, less: Int32(count &- done), value, splat(neutral))
          }
          accumulator = isSum ? accumulator + value : maximum(accumulator, value)
          done &+= 16
        }
        start &+= stripLength
      }
    }
    for axis in program.pointee.keptOuter..<last { position[axis] = 0 }
    let target = address(program.pointee.output, position, 0)
    if isSum {
      target.pointee = sumOfLanes(accumulator)
    } else {
      var largest = accumulator[0]
      for lane in 1..<16 where accumulator[lane] > largest || accumulator[lane] != accumulator[lane] {
        largest = accumulator[lane]
      }
      target.pointee = largest
    }
  }

  /// Splits a running index into positions on axes `from..<to`, the last varying fastest.
  @inline(__always)
  private func decompose(_ index: Int, _ from: Int, _ to: Int, _ position: inout InlineArray<6, Int>) {
    var rest = index
    var axis = to &- 1
    while axis > from {
      let extent = program.pointee.extents[axis]
      position[axis] = rest % extent
      rest /= extent
      axis &-= 1
    }
    if to > from { position[from] = rest }
  }

  @inline(__always)
  private func address(_ operand: StripOperand, _ position: InlineArray<6, Int>, _ start: Int)
    -> UnsafeMutablePointer<Float>
  {
    let last = program.pointee.rank &- 1
    var offset = start &* operand.strides[last]
    for axis in 0..<last { offset &+= position[axis] &* operand.strides[axis] }
    return context.pointee.address(operand.location) + offset
  }

  /// How many live rows there are before each of a strip's.
  private func positions(_ position: InlineArray<6, Int>, _ start: Int) -> UnsafePointer<Int32> {
    UnsafeRawPointer(address(program.pointee.positions, position, start)).assumingMemoryBound(to: Int32.self)
  }

  /// Points the operand registers at memory; what is not contiguous is gathered into the register's strip.
  @inline(__always)
  private func bind(
    _ position: InlineArray<6, Int>, _ start: Int, _ count: Int, _ registers: Registers
  ) {
    let last = program.pointee.rank &- 1
    for index in 0..<program.pointee.operandCount {
      let operand = program.pointee.operands[index]
      let source = address(operand, position, start)
      let stride = operand.strides[last]
      if stride == 1 {
        registers[index] = source
        continue
      }
      let strip = memory + index &* stripLength
      if operand.isPacked {
        registers[index] = strip
        let positions = positions(position, start)
        zscope_unpack_live(source + Int(positions[0]), count, positions, strip)
        continue
      }
      registers[index] = strip
      sources[index] = source
      gather(source, stride, count, strip)
    }
  }

  /// Bytes of a page: from one page to another no processor foresees what is read next, so it is told, some steps before.
  private static var page: Int { 4096 }
  private static var stridesAhead: Int { 8 }

  /// Moves the operands to the next position of one axis. What was gathered is gathered again where it changes.
  @inline(__always)
  private func advance(_ axis: Int, _ count: Int, _ registers: Registers) {
    let last = program.pointee.rank &- 1
    for index in 0..<program.pointee.operandCount {
      let stride = program.pointee.operands[index].strides[axis]
      if stride == 0 { continue }
      let across = program.pointee.operands[index].strides[last]
      if across == 1 {
        registers[index] += stride
        if stride &* MemoryLayout<Float>.stride >= Self.page {
          let ahead = registers[index] + stride &* Self.stridesAhead
          for vector in 0..<(count &+ 15) / 16 { zscope_prefetch_read(ahead + vector &* 16) }
        }
      } else {
        sources[index] += stride
        gather(sources[index], across, count, memory + index &* stripLength)
      }
    }
  }

  @inline(__always)
  private func gather(
    _ source: UnsafeMutablePointer<Float>, _ stride: Int, _ count: Int, _ strip: UnsafeMutablePointer<Float>
  ) {
    if stride == 0 {
      let value = splat(source.pointee)
      for vector in 0..<(count &+ 15) / 16 { store(value, strip + vector &* 16) }
    } else {
      for element in 0..<count { strip[element] = source[element &* stride] }
    }
  }

  /// Runs the steps; the last may write straight to memory.
  @inline(__always)
  private func execute(
    _ count: Int, _ registers: Registers, into target: UnsafeMutablePointer<Float>?
  ) -> UnsafeMutablePointer<Float> {
    let vectors = (count &+ 15) / 16
    let stepCount = program.pointee.stepCount
    let steps = program.pointee.steps
    for index in 0..<stepCount {
      let step = steps[index]
      var destination = registers[Int(step.destination)]
      if let target, index == stepCount &- 1 { destination = target }
      runStep(
        step.function, vectors, registers[Int(step.left)], registers[Int(step.right)], destination)
    }
    if let target, stepCount > 0 { return target }
    return registers[Int(program.pointee.result)]
  }

  @inline(__always)
  private func write(
    _ source: UnsafeMutablePointer<Float>, _ count: Int, _ target: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    if stride == 1 {
      target.update(from: source, count: count)
    } else {
      for element in 0..<count { target[element &* stride] = source[element] }
    }
  }

  @inline(__always) private func fill(_ strip: UnsafeMutablePointer<Float>, _ value: Float) {
    for vector in 0..<stripLength / 16 { store(splat(value), strip + vector &* 16) }
  }
}
