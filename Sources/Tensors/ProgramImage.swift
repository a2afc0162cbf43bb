import CIntrinsics
import Glibc
import KernelInterface
import Kernels
import KernelsV3
import KernelsV4

/// The builds of the kernels, and the one this processor runs.
enum KernelBuild {
  /// Chosen once: the widest instruction set the processor has, or a lower one named by `ZSCOPE_KERNELS` (0, 3, 4).
  static let chosen: InstructionRunner = runner(level: level)

  /// 4, 3 or 0.
  static let level = KernelChoice.made.level

  static func runner(level: Int) -> InstructionRunner {
    switch level {
    case 4...: { KernelsV4.runInstruction($0, $1, $2, $3, $4) }
    case 3: { KernelsV3.runInstruction($0, $1, $2, $3, $4) }
    default: { Kernels.runInstruction($0, $1, $2, $3, $4) }
    }
  }
}

extension MeasureKernels {
  /// Those of the widest instruction set that this processor has.
  public static let chosen = build(level: KernelBuild.level)

  static func build(level: Int) -> MeasureKernels {
    switch level {
    case 4...: .init(softmax: { KernelsV4.softmaxGradient($0) }, aggregate: { KernelsV4.sumAggregate($0) })
    case 3: .init(softmax: { KernelsV3.softmaxGradient($0) }, aggregate: { KernelsV3.sumAggregate($0) })
    default: .init(softmax: { Kernels.softmaxGradient($0) }, aggregate: { Kernels.sumAggregate($0) })
    }
  }
}

/// A plan as the kernels read it: plain structures at fixed addresses, with every location resolved.
final class ProgramImage {
  private(set) var instructions: UnsafeMutablePointer<Instruction>
  private(set) var phases: [Range<Int>]
  let phaseCount: Int
  let context: UnsafeMutablePointer<RunContext>
  let runner: InstructionRunner
  private let arena: AlignedBuffer
  private var scratch: AlignedBuffer
  private var preparedWorkers = 1
  private var stride = 1
  private let instructionCount: Int
  private var taken: UnsafeMutablePointer<UInt32>
  private var owned: [UnsafeMutableRawPointer] = []

  init(plan: Plan, runner: @escaping InstructionRunner = KernelBuild.chosen) {
    self.runner = runner
    phases = plan.phases
    phaseCount = plan.phases.count
    arena = AlignedBuffer(count: plan.arenaCount)
    scratch = AlignedBuffer(count: RunContext.scratchCount, zeroed: false)
    instructionCount = plan.instructions.count
    taken = .allocate(capacity: max(1, instructionCount))
    taken.initialize(repeating: 0, count: max(1, instructionCount))
    instructions = .allocate(capacity: max(plan.instructions.count, 1))
    let bases = UnsafeMutablePointer<UnsafeMutablePointer<Float>>.allocate(capacity: plan.parameterBases.count + 1)
    bases.initialize(repeating: arena.pointer, count: plan.parameterBases.count + 1)
    let bindings = UnsafeMutablePointer<RowBinding>.allocate(capacity: max(plan.bindings.count, 1))
    context = .allocate(capacity: 1)
    let corrections = UnsafeMutablePointer<AdamCorrection>.allocate(capacity: max(plan.updates.count, 1))
    corrections.initialize(repeating: AdamCorrection(), count: max(plan.updates.count, 1))
    context.initialize(
      to: RunContext(bases: bases, bindings: bindings, scratch: scratch.pointer, corrections: corrections))
    owned = [
      UnsafeMutableRawPointer(bases), UnsafeMutableRawPointer(bindings), UnsafeMutableRawPointer(corrections),
      UnsafeMutableRawPointer(context),
    ]
    for (index, binding) in plan.bindings.enumerated() {
      let rows = UnsafeMutablePointer<Int32>.allocate(capacity: max(binding.batch, 1))
      rows.initialize(repeating: 0, count: binding.batch)
      owned.append(UnsafeMutableRawPointer(rows))
      (bindings + index).initialize(to: RowBinding(data: nil, rows: rows, count: 0))
    }
    for (index, instruction) in plan.instructions.enumerated() {
      let (kind, payload) = build(instruction.payload, plan.places)
      (instructions + index).initialize(to: Instruction(kind: kind, units: instruction.units, payload: payload))
    }
  }

  deinit {
    instructions.deallocate()
    taken.deallocate()
    for pointer in owned { pointer.deallocate() }
  }

  func address(_ location: Location) -> UnsafeMutablePointer<Float> { context.pointee.address(location) }

  /// Gets ready for a run by so many workers: scratch memory, which grows at the first run with more, and counters of
  /// the pieces taken.
  func prepare(workers: Int) {
    if workers > preparedWorkers {
      scratch = AlignedBuffer(count: RunContext.scratchCount * workers, zeroed: false)
      context.pointee.scratch = scratch.pointer
      taken.deallocate()
      taken = .allocate(capacity: max(1, instructionCount * workers))
      preparedWorkers = workers
    }
    stride = workers
    if workers > 1 { taken.update(repeating: 0, count: instructionCount * workers) }
  }

  /// The number of the next piece of a worker's share of an instruction; pieces are handed out once in a run.
  func take(instruction: Int, share: Int) -> Int {
    Int(zscope_add(taken + (instruction * stride + share), 1)) - 1
  }

  func own<Value>(_ value: Value) -> UnsafeRawPointer {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    owned.append(UnsafeMutableRawPointer(pointer))
    return UnsafeRawPointer(pointer)
  }

  func own<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: max(values.count, 1))
    for (index, value) in values.enumerated() { (pointer + index).initialize(to: value) }
    owned.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  private func build(_ payload: Payload, _ places: [Location]) -> (InstructionKind, UnsafeRawPointer) {
    func resolve(_ location: inout Location) {
      guard location.base >= 0 else { return }
      let place = places[location.base]
      location = Location(base: place.base, offset: place.offset + location.offset)
    }
    func resolve(_ state: inout AdamState) {
      for path in [\AdamState.value, \.first, \.second, \.rate, \.scale] { resolve(&state[keyPath: path]) }
    }
    switch payload {
    case .strips(let strips): return (.strips, build(strips, resolve))
    case .matrixProduct(var product):
      for path in [\MatrixProduct.a, \.b, \.c, \.bias, \.liveCount] { resolve(&product[keyPath: path]) }
      if product.epilogue == .adam { resolve(&product.adam) }
      return (.matrixProduct, own(product))
    case .matrixVector(var product):
      for path in [\MatrixVector.a, \.x, \.c, \.bias] { resolve(&product[keyPath: path]) }
      return (.matrixVector, own(product))
    case .noise(var fill):
      resolve(&fill.output)
      return (.noise, own(fill))
    case .images(var fill):
      resolve(&fill.rowMajor)
      resolve(&fill.pixelMajor)
      for path in [\ImageFill.setPixels, \.setCounts, \.masks] { resolve(&fill[keyPath: path]) }
      return (.images, own(fill))
    case .labels(var fill):
      resolve(&fill.oneHot)
      resolve(&fill.known)
      return (.labels, own(fill))
    case .rows(var fill):
      resolve(&fill.output)
      return (.rows, own(fill))
    case .gather(let planned): return (.gather, build(planned, resolve))
    case .pairwise(let planned): return (.pairwise, build(planned, resolve))
    case .adam(var update):
      resolve(&update.gradient)
      resolve(&update.state)
      return (.adam, own(update))
    case .sparseForward(var layer):
      for path in [\SparseForward.setPixels, \.setCounts, \.weights, \.bias, \.result] {
        resolve(&layer[keyPath: path])
      }
      return (.sparseForward, own(layer))
    case .sparseGradient(var gradient):
      resolve(&gradient.masks)
      resolve(&gradient.adjoints)
      resolve(&gradient.state)
      return (.sparseGradient, own(gradient))
    case .liveRows(var fill):
      resolve(&fill.factors)
      resolve(&fill.positions)
      return (.liveRows, own(fill))
    case .transposition(var transposition):
      for path in [\Transposition.input, \.output, \.positions] { resolve(&transposition[keyPath: path]) }
      return (.transposition, own(transposition))
    }
  }

  private func build(_ planned: PlannedGather, _ resolve: (inout Location) -> Void) -> UnsafeRawPointer {
    var gather = Gather(indices: own(planned.indices))
    gather.count = planned.indices.count
    gather.input = planned.input.location
    gather.output = planned.output.location
    resolve(&gather.input)
    resolve(&gather.output)
    gather.inputStride = planned.input.strides[planned.axis]
    gather.outputStride = planned.output.strides[planned.axis]
    let others = planned.input.shape.indices.filter { $0 != planned.axis }.sorted {
      planned.output.strides[$0] > planned.output.strides[$1]
    }
    // At least one axis, of extent 1 where there is no other.
    gather.rank = max(1, others.count)
    for (place, axis) in others.enumerated() {
      gather.extents[place] = planned.input.shape[axis]
      gather.inputStrides[place] = planned.input.strides[axis]
      gather.outputStrides[place] = planned.output.strides[axis]
    }
    return own(gather)
  }

  private func build(_ strips: PlannedStrips, _ resolve: (inout Location) -> Void) -> UnsafeRawPointer {
    func operand(_ view: View) -> StripOperand {
      var location = view.location
      resolve(&location)
      var operand = StripOperand(location: location, strides: InlineArray(repeating: 0))
      operand.isPacked = strips.packed.contains(view.location.base)
      for (axis, stride) in view.strides.enumerated() { operand.strides[axis] = stride }
      return operand
    }
    var program = StripProgram(
      operands: own(strips.operands.map(operand)), constants: own(strips.constants), steps: own(strips.steps),
      output: operand(strips.output))
    if let positions = strips.positions { program.positions = operand(positions) }
    program.sums = strips.sums
    resolve(&program.sums)
    program.rank = strips.extents.count
    for (axis, extent) in strips.extents.enumerated() { program.extents[axis] = extent }
    program.keptOuter = strips.keptOuter
    program.stripAxisIsReduced = strips.stripAxisIsReduced
    program.chunk = strips.chunk
    program.reduction = strips.reduction
    program.operandCount = strips.operands.count
    program.constantCount = strips.constants.count
    program.stepCount = strips.steps.count
    program.result = strips.result
    return own(program)
  }
}
