/// By what those who read a run know it, which another process may train, move or replace meanwhile.
extension RunDirectory {
  /// The run's number as `config.json` says it now; nil where it cannot be read, or says none, as in older versions.
  public var identity: String? { (try? readConfiguration()).flatMap { RunConfiguration.identity(in: $0) } }

  /// Whether the folder holds another run by now than the one of this number, as far as both say theirs.
  public func isReplaced(since identity: String?) -> Bool {
    guard let identity, let now = self.identity else { return false }
    return now != identity
  }

  /// The last epoch that the newest checkpoint has steps of, counted from 1; nil where there is no sound one.
  public var reachedEpoch: Int? {
    guard let contents = try? checkpoint(Self.latestName) else { return nil }
    return contents.model.epoch + ((contents.state?.summed ?? 0) > 0 ? 1 : 0)
  }
}

extension Checkpoint {
  /// Reads the model at `path`, which is to be of the run of this number, as far as both say theirs.
  ///
  /// - Throws: what `load(_:)` throws, or `CheckpointError.mismatch` where it is another run's.
  public static func load(_ path: String, ofRun identity: String?) throws -> LatentModel {
    let contents = try read(path)
    try checkRun(contents.metadata, identity, of: path)
    return contents.model
  }

  /// Throws `CheckpointError.mismatch` where the metadata of the file at `path` say another run than this.
  static func checkRun(_ metadata: [String: String], _ identity: String?, of path: String) throws {
    guard let problem = foreignness(metadata, identity) else { return }
    throw CheckpointError.mismatch(path: path, problem: "\(problem): remove what does not belong")
  }

  /// That a file of these metadata is of another run than the one of this number, in words; nil where it is not, as far as
  /// both say theirs.
  static func foreignness(_ metadata: [String: String], _ identity: String?) -> String? {
    guard let identity, let other = metadata["run"], other != identity else { return nil }
    return "it is of another run (\(other)) than config.json (\(identity))"
  }
}
