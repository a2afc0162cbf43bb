import Glibc
import KernelInterface

/// A planned program: its memory is allocated once, and a run allocates nothing. One owner at a time.
///
/// It does not depend on the weights: they are handed to each run.
public final class Executable {
  let plan: Plan
  let image: ProgramImage
  /// Multiply-adds of all matrix products in one run, counted as two operations each and as if all were dense.
  public var floatingPointOperations: Int { plan.floatingPointOperations }
  /// Bytes of the arena that a run works in.
  public var memorySize: Int { plan.arenaCount * MemoryLayout<Float>.stride }

  private var locations: [String: (location: Location, count: Int)] = [:]
  private var outputs: [String: (location: Location, shape: [Int])] = [:]
  private var bindings: [String: Int] = [:]
  private var boundStore: ParameterStore?
  private var boundParameters: Parameters.Storage?
  /// The number in the store of each parameter base, and of each parameter that is updated.
  private var storeIndices: [Int] = []
  private var updatedIndices: [Int] = []
  private var pool: WorkerPool = .inline
  /// Copies of bound weights in the order the plan wants.
  private var transposedWeights: [String: AlignedBuffer] = [:]

  init(
    plan: Plan, initialScalars: [String: Float],
    runner: @escaping InstructionRunner = KernelBuild.chosen
  ) {
    self.plan = plan
    image = ProgramImage(plan: plan, runner: runner)
    for (index, buffer) in plan.buffers.enumerated() where plan.places[index].base == 0 {
      switch buffer.kind {
      case .input(let name): locations[name] = (plan.places[index], buffer.count)
      case .scalar(let name):
        locations[name] = (plan.places[index], 1)
        image.address(plan.places[index]).pointee = initialScalars[name] ?? 0
      case .constant(let tensor):
        tensor.elements.withUnsafeBufferPointer { source in
          if let base = source.baseAddress {
            image.address(plan.places[index]).update(from: base, count: source.count)
          }
        }
      default: break
      }
    }
    for (name, view) in plan.outputs {
      var location = plan.places[view.location.base]
      location.offset += view.location.offset
      outputs[name] = (location, view.shape)
    }
    for (index, binding) in plan.bindings.enumerated() { bindings[binding.name] = index }
  }

  /// Fills an input (row-major) before a run; it keeps its contents until it is filled again. An unknown name fills nothing.
  public func withInput(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    guard let input = locations[name] else { return }
    body(UnsafeMutableBufferPointer(start: image.address(input.location), count: input.count))
  }

  /// Names the stored bytes (`pixels` bytes a row) and the rows that the next runs read; the bytes must outlive them.
  /// Where there are fewer rows than the batch has, the rest of the batch is blank. An unknown name binds nothing.
  public func bindImages(_ name: String, to bytes: UnsafePointer<UInt8>, rows: UnsafeBufferPointer<Int32>) {
    bind(name, .images, UnsafeRawPointer(bytes), rows)
  }

  /// Names the stored bytes and the rows that the next runs read; the bytes must outlive them.
  public func bindImages(_ name: String, to bytes: UnsafePointer<UInt8>, rows: [Int32]) {
    rows.withUnsafeBufferPointer { bindImages(name, to: bytes, rows: $0) }
  }

  /// Names the stored labels (one a row; what is no class is not known) and the rows that the next runs read; the labels
  /// must outlive them. Where there are fewer rows than the batch has, the rest has no label.
  public func bindLabels(_ name: String, to labels: UnsafePointer<Int32>, rows: UnsafeBufferPointer<Int32>) {
    bind(name, .labels, UnsafeRawPointer(labels), rows)
  }

  /// Names the stored floats (`width` a row) and the rows that the next runs read; the floats must outlive them. Where
  /// there are fewer rows than the batch has, the rest is zero.
  public func bindRows(_ name: String, to values: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>) {
    bind(name, .values, UnsafeRawPointer(values), rows)
  }

  private func bind(
    _ name: String, _ kind: Planner.Binding.Kind, _ data: UnsafeRawPointer, _ rows: UnsafeBufferPointer<Int32>
  ) {
    guard let index = bindings[name] else { return }
    precondition(plan.bindings[index].kind == kind, "\(name) does not name \(kind)")
    precondition(
      rows.count <= plan.bindings[index].batch,
      "\(rows.count) rows do not fit a batch of \(plan.bindings[index].batch)")
    let binding = image.context.pointee.bindings + index
    binding.pointee.data = data
    binding.pointee.count = rows.count
    if let base = rows.baseAddress { binding.pointee.rows.update(from: base, count: rows.count) }
  }

  /// Changes a scalar for the next runs; a name that the program does not read has no effect (see `reads`).
  public func setScalar(_ name: String, _ value: Float) {
    if let scalar = locations[name] { image.address(scalar.location).pointee = value }
  }

  /// Whether it has an input, a scalar or bound rows of this name.
  public func reads(_ name: String) -> Bool { locations[name] != nil || bindings[name] != nil }

  /// One training step, or a forward run on the store's weights.
  public func run(_ store: ParameterStore, seed: UInt64, step: UInt64, pool: WorkerPool) {
    bind(store)
    correctBias(store)
    run(seed, step, pool)
    for index in updatedIndices { store.countUpdate(index) }
  }

  /// Each parameter's corrections follow from its own number of updates and the constants of its group.
  private func correctBias(_ store: ParameterStore) {
    let corrections = image.context.pointee.corrections
    for (number, index) in updatedIndices.enumerated() {
      let adam = plan.updates[number].adam
      let count = store.updateCounts[index] + 1
      if number > 0, store.updateCounts[updatedIndices[number - 1]] + 1 == count,
        plan.updates[number - 1].adam == adam
      {
        corrections[number] = corrections[number - 1]
        continue
      }
      corrections[number].first = Float(1 / (1 - pow(Double(adam.beta1), Double(count))))
      corrections[number].second = Float((1 / (1 - pow(Double(adam.beta2), Double(count)))).squareRoot())
    }
  }

  /// A forward run.
  public func run(_ parameters: Parameters, seed: UInt64, step: UInt64, pool: WorkerPool) {
    precondition(plan.updates.isEmpty, "a training program needs a ParameterStore")
    bind(parameters.storage)
    run(seed, step, pool)
  }

  /// Reads an output of the last run, row-major; an unknown name gives nothing.
  public func withOutput<Result>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    guard let output = outputs[name] else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try body(
      UnsafeBufferPointer(start: image.address(output.location), count: output.shape.reduce(1, *)))
  }

  /// A copy of an output of the last run.
  public func output(_ name: String) -> Tensor {
    Tensor(shape: outputs[name]?.shape ?? [0], elements: withOutput(name) { Array($0) })
  }

  /// One element of an output, without a copy: for terms that are single numbers.
  public func scalarOutput(_ name: String) -> Float { withOutput(name) { $0.first ?? .nan } }

  private func run(_ seed: UInt64, _ step: UInt64, _ pool: WorkerPool) {
    image.prepare(workers: pool.threads)
    image.context.pointee.key = CounterRandom(seed: seed, stream: step).key
    self.pool = pool
    pool.run(
      { raw, worker, workers in
        Unmanaged<Executable>.fromOpaque(raw).takeUnretainedValue().work(worker, workers)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func work(_ worker: Int, _ workers: Int) {
    let run = image.runner
    for phase in 0..<image.phaseCount {
      for index in image.phases[phase].lowerBound..<image.phases[phase].upperBound {
        let instruction = image.instructions + index
        let units = instruction.pointee.units
        if workers == 1 {
          run(instruction, image.context, 0, 0, units)
          continue
        }
        // Each worker begins with a share of its own, the same in every step, so that weights stay in its cache, and
        // then helps with what is left of the others' shares: one that lost its processor holds nobody up for long.
        for turn in 0..<workers {
          let share = (worker + index + turn) % workers
          let first = units * share / workers
          let last = units * (share + 1) / workers
          let grain = max(1, (last - first + 3) / 4)
          while first < last {
            let taken = image.take(instruction: index, share: share)
            let start = first + taken * grain
            if start >= last { break }
            run(instruction, image.context, worker, start, min(last, start + grain))
          }
        }
      }
      if phase + 1 < image.phaseCount { pool.barrier(phase + 1) }
    }
  }

  private func bind(_ store: ParameterStore) {
    if boundStore !== store {
      storeIndices = plan.parameterBases.map { base in
        let name = base.kind.parameterName ?? ""
        guard let index = store.indices[name] else { preconditionFailure("the store lacks the parameter \(name)") }
        precondition(
          store.values[index].count == plan.buffers[base.buffer].count,
          "the parameter \(name) has \(store.values[index].count) elements, not \(plan.buffers[base.buffer].count)")
        return index
      }
      updatedIndices = plan.updates.compactMap { store.indices[$0.name] }
      boundStore = store
      boundParameters = nil
    }
    for (position, base) in plan.parameterBases.enumerated() {
      let index = storeIndices[position]
      let name = base.kind.parameterName ?? ""
      store.arrange(index, transposed: plan.transposedParameters.contains(name))
      let pointer =
        switch base.kind {
        case .firstMoment: store.firstMoments[index].pointer
        case .secondMoment: store.secondMoments[index].pointer
        default: store.values[index].pointer
        }
      image.context.pointee.bases[position + 1] = pointer
    }
  }

  private func bind(_ parameters: Parameters.Storage) {
    if boundParameters === parameters { return }
    for (position, base) in plan.parameterBases.enumerated() {
      let name = base.kind.parameterName ?? ""
      guard let index = parameters.indices[name] else {
        preconditionFailure("the weights lack the parameter \(name)")
      }
      precondition(
        parameters.buffers[index].count == plan.buffers[base.buffer].count,
        "the parameter \(name) has \(parameters.buffers[index].count) elements, not \(plan.buffers[base.buffer].count)")
      var pointer = parameters.buffers[index].pointer
      if plan.transposedParameters.contains(name), parameters.shapes[index].count == 2 {
        let copy = transposedWeights[name] ?? AlignedBuffer(count: parameters.buffers[index].count)
        transpose(
          pointer, rows: parameters.shapes[index][0], columns: parameters.shapes[index][1], into: copy.pointer)
        transposedWeights[name] = copy
        pointer = copy.pointer
      }
      image.context.pointee.bases[position + 1] = pointer
    }
    boundParameters = parameters
    boundStore = nil
  }
}

extension Buffer.Kind {
  var parameterName: String? {
    switch self {
    case .parameter(let name), .firstMoment(let name), .secondMoment(let name): name
    default: nil
    }
  }
}
