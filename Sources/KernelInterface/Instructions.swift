// The instructions of a planned program: plain structures that the planner writes and the kernels read. They live in
// a module of their own because the kernels are compiled several times, once for each instruction set.

/// Where an operand starts: a base pointer chosen at run time and an offset in floats.
public struct Location: Hashable, Sendable {
  /// Index into `RunContext.bases`; 0 is the plan's arena.
  public var base: Int
  /// Floats from the base.
  public var offset: Int
  /// A location.
  public init(base: Int = 0, offset: Int = 0) {
    self.base = base
    self.offset = offset
  }
}

/// What an instruction does; its payload is the structure named beside.
public enum InstructionKind: UInt8, Sendable {
  /// `StripProgram`.
  case strips
  /// `MatrixProduct`.
  case matrixProduct
  /// `MatrixVector`.
  case matrixVector
  /// `NoiseFill`.
  case noise
  /// `ImageFill`.
  case images
  /// `LabelFill`.
  case labels
  /// `RowFill`.
  case rows
  /// `Gather`.
  case gather
  /// `PairwisePass`.
  case pairwise
  /// `AdamUpdate`.
  case adam
  /// `Transposition`.
  case transposition
  /// `LiveRowFill`.
  case liveRows
  /// `SparseForward`.
  case sparseForward
  /// `SparseGradient`.
  case sparseGradient
}

/// One step of a plan, cut into `units` that may run on any thread in any order.
public struct Instruction {
  /// What it does.
  public var kind: InstructionKind
  /// Into how many pieces it is cut; the cut never depends on the number of threads.
  public var units: Int
  /// Its parameters, owned by the plan.
  public var payload: UnsafeRawPointer
  /// An instruction.
  public init(kind: InstructionKind, units: Int, payload: UnsafeRawPointer) {
    self.kind = kind
    self.units = units
    self.payload = payload
  }
}

/// Stored rows bound to a run: images, labels or floats.
public struct RowBinding {
  /// The first byte of the first stored row.
  public var data: UnsafeRawPointer?
  /// The stored row of each entry of the batch.
  public var rows: UnsafeMutablePointer<Int32>
  /// How many rows are given; the rest of the batch is blank.
  public var count: Int
  /// A binding.
  public init(data: UnsafeRawPointer?, rows: UnsafeMutablePointer<Int32>, count: Int) {
    self.data = data
    self.rows = rows
    self.count = count
  }
}

/// What instructions need to know of the run.
public struct RunContext {
  /// Base pointers: the arena, then values and moments of the parameters.
  public var bases: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  /// The bound rows, one binding for each name.
  public var bindings: UnsafeMutablePointer<RowBinding>
  /// Scratch memory, `RunContext.scratchCount` floats a worker.
  public var scratch: UnsafeMutablePointer<Float>
  /// Key of the step's random numbers, from seed and step.
  public var key: (UInt32, UInt32) = (0, 0)
  /// Bias corrections, one for each parameter that the program updates.
  public var corrections: UnsafeMutablePointer<AdamCorrection>

  /// Floats of scratch memory for each worker.
  @inlinable @inline(__always) public static var scratchCount: Int {
    max(UnitSize.productScratch, max(PairwisePass.workerScratch, StripProgram.scratch))
  }
  /// A context.
  public init(
    bases: UnsafeMutablePointer<UnsafeMutablePointer<Float>>, bindings: UnsafeMutablePointer<RowBinding>,
    scratch: UnsafeMutablePointer<Float>, corrections: UnsafeMutablePointer<AdamCorrection>
  ) {
    self.bases = bases
    self.bindings = bindings
    self.scratch = scratch
    self.corrections = corrections
  }

  /// The address of a location.
  @inlinable @inline(__always)
  public func address(_ location: Location) -> UnsafeMutablePointer<Float> {
    bases[location.base] + location.offset
  }

  /// The address of a location where 32-bit whole numbers lie.
  @inlinable @inline(__always)
  public func wholeNumbers(_ location: Location) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(address(location)).assumingMemoryBound(to: Int32.self)
  }
}

/// Runs units `first..<last` of an instruction on one worker.
public typealias InstructionRunner =
  @Sendable (
    _ instruction: UnsafePointer<Instruction>, _ context: UnsafePointer<RunContext>, _ worker: Int, _ first: Int,
    _ last: Int
  ) -> Void
