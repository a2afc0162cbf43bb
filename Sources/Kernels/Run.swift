import KernelInterface

/// Runs units `first..<last` of an instruction: the one entry to a build of the kernels.
public func runInstruction(
  _ instruction: UnsafePointer<Instruction>, _ context: UnsafePointer<RunContext>, _ worker: Int, _ first: Int,
  _ last: Int
) {
  let payload = instruction.pointee.payload
  let scratch = context.pointee.scratch + worker &* RunContext.scratchCount
  switch instruction.pointee.kind {
  case .strips:
    StripMachine(program: payload.assumingMemoryBound(to: StripProgram.self), context: context, memory: scratch)
      .run(first, last)
  case .matrixProduct:
    runProduct(payload.assumingMemoryBound(to: MatrixProduct.self), context, scratch, first, last)
  case .matrixVector: runMatrixVector(payload.assumingMemoryBound(to: MatrixVector.self), context, first, last)
  case .noise: runNoise(payload.assumingMemoryBound(to: NoiseFill.self), context, first, last)
  case .images: runImages(payload.assumingMemoryBound(to: ImageFill.self), context, scratch, first, last)
  case .labels: runLabels(payload.assumingMemoryBound(to: LabelFill.self), context, first, last)
  case .rows: runRows(payload.assumingMemoryBound(to: RowFill.self), context, first, last)
  case .gather: runGather(payload.assumingMemoryBound(to: Gather.self), context, first, last)
  case .pairwise:
    PairwiseMachine(pass: payload.assumingMemoryBound(to: PairwisePass.self), context: context, scratch: scratch)
      .run(first, last)
  case .adam: runAdam(payload.assumingMemoryBound(to: AdamUpdate.self), context, first, last)
  case .liveRows: runLiveRows(payload.assumingMemoryBound(to: LiveRowFill.self), context)
  case .transposition: runTransposition(payload.assumingMemoryBound(to: Transposition.self), context, first, last)
  case .sparseForward:
    runSparseForward(payload.assumingMemoryBound(to: SparseForward.self), context, scratch, first, last)
  case .sparseGradient: runSparseGradient(payload.assumingMemoryBound(to: SparseGradient.self), context, first, last)
  }
}
