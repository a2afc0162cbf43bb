import KernelInterface

/// A finished plan: instructions in phases over laid-out memory.
struct Plan {
  var instructions: [PlannedInstruction]
  /// Instructions of one phase do not depend on each other; a barrier follows each phase.
  var phases: [Range<Int>]
  var buffers: [Buffer]
  /// Where a buffer is: base number and offset.
  var places: [Location]
  var arenaCount: Int
  /// Bases beyond the arena: parameter buffers by number.
  var parameterBases: [(buffer: Int, kind: Buffer.Kind)]
  var outputs: [(name: String, view: View)]
  /// Rows that are bound before a run, by the number of their binding.
  var bindings: [Planner.Binding]
  var transposedParameters: Set<String>
  /// The parameters that a run updates, by the number of their bias correction; empty for a forward program.
  var updates: [(name: String, adam: AdamConfiguration)]
  var floatingPointOperations: Int
}
