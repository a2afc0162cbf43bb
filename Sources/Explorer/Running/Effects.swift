import Canvas
import Datasets
import Glibc
import HarmlessText
import LatentModels
import Tensors
import Terminal

/// Carries effects out: owns the model and the training session, decodes, encodes, reads and saves. Used by one thread;
/// what takes longer than a frame is done beside it and arrives in the mailbox.
final class Effects {
  /// The model the panes show; while training, that of the newest snapshot.
  private(set) var model: LatentModel?
  private(set) var subject: Subject = .none
  private(set) var generation = 0
  private var cloudCount = 0
  private var lastScene = Scene()
  private(set) var images: ImageSet?
  /// The model that the explored one is compared with.
  let second = SecondModel()
  /// The weights that its run had before.
  let snapshots = SnapshotShelf()
  /// Which reading of a data set is still wanted: what earlier ones bring is dropped.
  var reading = 0
  /// How the files of data sets are read.
  var dataReading = ImageReading()
  let mailbox = Mailbox<Letter>()
  let exporter = Exporter()
  var follower: TrainingFollower? {
    didSet { noteRun(follower?.path) }
  }
  /// The run of the explored model, where another process trains it.
  var watch: RunWatch?
  /// The same run at rest, for others to take up.
  var lockWatch: LockWatch?
  var watchCount = 0
  /// Lays codes out by t-SNE.
  let embedder = Embedder()
  /// The measures that are being computed.
  private var examination: Task<Void, Never>?

  init() {}

  /// What work beside the loop sends back.
  enum Letter: Sendable {
    case action(Action)
    /// What is to be done with what was made, by the thread that effects belong to.
    case delivery(@Sendable (Effects) -> [Action])
    case data(DataReading)
    case dataFailed(reading: Int, problem: String, isAsked: Bool)
    case session(PreparedSession)
    case notPrepared(String)
    case classified(of: Int, Classification?, problem: String?)
    case layout(CodeCloud, Tensor, fraction: Double, session: Int)
    case laidOut(of: CodeCloud, Tensor?, problem: String?, session: Int)
  }

  /// A data set with its codes under the weights of one generation.
  struct DataReading: Sendable {
    var images: ImageSet
    var cloud: CodeCloud
    /// What to say about it; nil where nobody asked for it by name.
    var note: String?
    /// Whether a person asked for it; else it is what the model was trained on.
    var isAsked = true
    var generation: Int
    var reading: Int
  }

  /// Answers an effect, as far as it can be answered at once.
  func perform(_ effect: Effect) -> [Action] {
    switch effect {
    case .lookAround: return [.lookedAround(Self.lookAround())]
    case .openModel(let name): return open(UserFolders.expanded(name))
    case .compare(let name): return compare(with: name.map(UserFolders.expanded))
    case .stepSnapshots(let step):
      let entries = snapshots.entries
      return [.perform { $0.take(step, among: entries) }]
    case .visit(let entry): return visit(entry)
    case .openData(let name, let isAsked): return openData(UserFolders.expanded(name), isAsked: isAsked)
    case .checkTraining(let configuration, let run): return check(configuration, run: run)
    case .embed(let cloud): return embed(cloud)
    case .stopEmbedding:
      embedder.cancel()
      return []
    case .classify(let cloud):
      classify(cloud)
      return []
    case .encode(let drawing, let generation): return encode(drawing, generation: generation)
    case .inform(let cloud):
      inform(of: cloud)
      return []
    case .examine(let wanted):
      examine(wanted)
      return []
    case .stopExamining:
      examination?.cancel()
      return []
    case .listFolder(let folder): return [.listed(folder: folder, Self.list(folder))]
    case .stopReading:
      reading += 1
      return []
    case .export(let export): return exporter.perform(export, model)
    case .startTraining(let configuration, let run, let data):
      let codesOf = codes(for: configuration)
      prepareBeside { try PreparedSession(data ?? Self.open(configuration, codesOf: codesOf), run: run) }
      return []
    case .training(let command): return direct(command)
    case .setControl(let name, let value):
      follower?.session.set(name, to: value)
      return []
    case .resumeTraining(let path, let rate):
      prepareBeside(of: path) { try PreparedSession(resuming: path, rate: rate) }
      return []
    case .watchRun(let path):
      follower = nil
      beginToWatch(RunDirectory(path: path))
      return []
    case .lookForRun(let path, let identity): return look(forRun: path, identity)
    // The loop owns the terminal.
    case .setMouse: return []
    }
  }

  /// Finds beside the loop what each dimension of some codes knows of the image.
  private func inform(of cloud: CodeCloud) {
    let mailbox = mailbox
    beside {
      let values = SliderInformation.values(of: cloud)
      mailbox.post(.action(.perform { $0.take(informations: values, of: cloud.codesID) }))
    }
  }

  /// Measures codes beside the loop, in place of those that are being measured.
  private func examine(_ wanted: Examination) {
    examination?.cancel()
    let mailbox = mailbox
    examination = Task.detached(priority: .low) {
      await wanted.run { news in mailbox.post(.action(.perform { $0.take(news) })) }
    }
  }

  /// Passes a command on to the run; a checkpoint that it asks for is told once it is written.
  private func direct(_ command: TrainingCommand) -> [Action] {
    let mailbox = mailbox
    return follower?.direct(command) { message in
      mailbox.post(
        .delivery {
          $0.follower?.hasSaved()
          return [.say(message)]
        })
    } ?? []
  }

  /// Why the run that the command line asked for could not begin.
  private(set) var preparationProblem: String?

  /// Decodes what a state wants to be drawn from, reusing every part that has not changed; and what was wrong, if
  /// anything could not be decoded.
  func render(_ request: SceneRequest) -> (scene: Scene, problem: String?) {
    guard let model else { return (lastScene, nil) }
    var scene = Scene()
    var problem: String?
    scene.generation = request.generation
    let isSameModel = lastScene.generation == request.generation
    for (part, batch) in request.batches {
      if isSameModel, let known = lastScene.parts[part], known.batch == batch {
        scene.parts[part] = known
        continue
      }
      // What cannot be decoded is left empty, rather than showing pictures of other codes.
      scene.parts[part] = Scene.Pictures(batch: batch, images: [])
      do { scene.parts[part]?.images = try pictures(of: batch, model) } catch {
        problem = "the \(part.rawValue) cannot be decoded: \(error)"
      }
    }
    if let index = request.original, let cloud = request.cloud {
      if let known = lastScene.original, known.index == index, known.cloud == cloud {
        scene.original = known
      } else if let images, images.count > index {
        scene.original = Scene.Original(
          index: index,
          image: GreyImage(width: images.width, height: images.height, bytes: images.bytes(at: index)), cloud: cloud)
      }
    }
    lastScene = scene
    return (scene, problem)
  }

  // MARK: Models and data

  private func open(_ name: String) -> [Action] {
    do {
      let opened = try ModelLibrary.open(name, withWholeLog: false)
      return adopt(
        opened.model, name: opened.name, path: opened.path, codes: opened.codes, metrics: opened.metrics,
        unreadLog: opened.unreadLog)
        + opened.problems.map { .say(.error(Self.problem(besideModel: $0))) }
    } catch {
      return [.say(.error(Self.problem(error, opening: name)))]
    }
  }

  /// Takes a model over, with its codes where it has some; what of its log was not read is read beside the loop.
  func adopt(
    _ model: LatentModel, name: String, path: String?, codes: StoredCodes?, metrics: [MetricsRecord],
    unreadLog: Int = 0
  ) -> [Action] {
    self.model = model
    images = nil
    follower = nil
    (watch, lockWatch) = (nil, nil)
    generation += 1
    // A run goes on after its best epoch: what counts is the record of this checkpoint, as `zscope info` has it.
    let record = metrics.last(upTo: model.step)
    subject = Subject(
      model, name: Self.displayName(name), path: path.map(Self.absolute), record: record, generation: generation)
    let cloud = codes.map { CodeCloud($0, of: model, id: nextCloud()) }
    let run = path.flatMap(RunPath.run)
    let history = MetricsHistory(metrics)
    var log = Self.training(of: model, run, history)
    log?.unreadLog = unreadLog
    snapshots.begin(
      SnapshotShelf.Newest(model: model, name: subject.name, path: subject.path, metrics: history, codes: codes))
    if let run, log?.isGoingOn == true {
      // Who follows a run reads all of its log.
      beginToWatch(run)
    } else {
      if unreadLog > 0, let path { readLog(beside: path, of: model, run) }
      if let run { awaitOthers(run) }
    }
    return [.opened(Opening(subject: subject, cloud: cloud, record: log))] + snapshots.openingNews()
  }

  /// Shows other weights of the run that is explored, with codes under them; nil: there are none.
  func show(_ model: LatentModel, as subject: Subject, _ cloud: CodeCloud?) -> [Action] {
    generation += 1
    self.model = model
    self.subject = subject
    self.subject.generation = generation
    if let shown = cloud?.images { images = shown }
    return [.updated(self.subject, cloud)]
  }

  /// Tells what a record tells of the weights shown, as far as that is news.
  func tell(_ record: MetricsRecord?) -> [Action] {
    guard let model, let record else { return [] }
    var told = Subject(model, name: subject.name, path: subject.path, record: record, generation: generation)
    (told.isPast, told.isBest) = (subject.isPast, subject.isBest)
    guard told != subject else { return [] }
    subject = told
    return [.updated(told, nil)]
  }

  func nextCloud() -> Int {
    cloudCount += 1
    return cloudCount
  }

  /// Takes a data set in. Codes of weights that are no longer shown are made anew: by the next snapshot while a run is
  /// training, else at once.
  private func take(_ data: DataReading) -> [Action] {
    guard data.reading == reading else { return [] }
    let isCurrent = data.generation == generation
    if !isCurrent, data.note != nil, follower?.session.state != .running || snapshots.isAway {
      encodeBeside(isAsked: data.isAsked) { (data.images, data.note) }
      return []
    }
    var actions: [Action] = []
    if isCurrent {
      images = data.images
      actions.append(.updated(subject, data.cloud))
    }
    if let note = data.note {
      // A run with images of another size has begun since.
      guard data.images.pixelCount == model?.pixelCount else {
        return [
          .finishedReading(isThere: false),
          .say(.error("the images of \(data.images.name) do not fit this model's size")),
        ]
      }
      follower?.watch(data.images)
      // Weights that are on their way bring codes of these.
      if let awaited = snapshots.awaited { actions += visit(awaited) }
      actions.append(.finishedReading(isThere: true))
      if data.isAsked { actions.append(.say(.note(note))) }
    }
    return actions
  }

  private func embed(_ cloud: CodeCloud) -> [Action] {
    guard let known = embedder.layout(of: cloud.means) else {
      embedder.begin(cloud, mailbox)
      return []
    }
    embedder.cancel()
    return [
      .embedded(CodeCloud(cloud, id: nextCloud(), embedding: known), of: cloud.id, fraction: 1),
      .embedded(nil, of: cloud.id, fraction: nil),
    ]
  }

  // MARK: News

  /// What to sleep on beside the keyboard, and until when: while snapshots come faster than they may be drawn, they are
  /// not watched, and the loop wakes when the next is due.
  func waiting(now: ContinuousClock.Instant) -> (descriptors: [Int32], timeout: Duration?) {
    var descriptors = [mailbox.fileDescriptor, exporter.fileDescriptor]
    guard let follower else { return (descriptors, nil) }
    guard follower.isDue(now) else { return (descriptors, max(.zero, follower.nextSnapshot - now)) }
    descriptors.append(follower.session.snapshots.fileDescriptor)
    return (descriptors, nil)
  }

  /// Takes in whatever has arrived.
  func collect() -> [Action] {
    var actions: [Action] = exporter.collect().map { .say($0) }
    for letter in mailbox.take() {
      switch letter {
      case .action(let action): actions.append(action)
      case .delivery(let deliver): actions += deliver(self)
      case .data(let data): actions += take(data)
      case .dataFailed(let number, let problem, let isAsked):
        guard number == reading else { continue }
        // What nobody asked for is no error: the model is there all the same.
        actions += [
          .finishedReading(isThere: false), .say(isAsked ? .error(problem) : .note("no points to show: \(problem)")),
        ]
      case .layout(let cloud, let layout, let fraction, let session):
        guard session == embedder.number else { continue }
        actions.append(
          .embedded(CodeCloud(cloud, id: nextCloud(), embedding: layout), of: cloud.id, fraction: fraction))
      case .laidOut(let cloud, let layout, let problem, let session):
        if let layout { embedder.keep(layout, of: cloud.means) }
        guard session == embedder.number else { continue }
        actions.append(.embedded(nil, of: cloud.id, fraction: nil))
        if let problem { actions.append(.say(.error(problem))) }
      case .classified(let content, let classification, let problem):
        actions.append(.classified(classification, of: content))
        if let problem { actions.append(.say(.error(problem))) }
      case .notPrepared(let problem):
        preparationProblem = problem
        actions.append(.trainingChanged(TrainingProgress(phase: .failed(problem))))
      case .session(let prepared):
        (watch, lockWatch) = (nil, nil)
        follower = TrainingFollower(prepared)
        snapshots.begin(nil)
        actions += [snapshots.news()] + (follower?.start() ?? [])
      }
    }
    if let follower, follower.isDue(.now), let snapshot = follower.session.snapshots.take() {
      actions += follow(snapshot, follower)
    }
    return actions
  }

  func follow(_ snapshot: Snapshot, _ follower: TrainingFollower) -> [Action] {
    follower.took(at: .now)
    let hasNews = snapshots.keep(snapshot, name: follower.name, path: Self.absolute(follower.path))
    let news = hasNews ? [snapshots.news()] : []
    if snapshot.state.isOver {
      noteRun(nil)
      awaitOthers(RunDirectory(path: follower.path))
    }
    // Who has gone back stays there while the run goes on.
    guard !snapshots.isAway else { return [.trainingChanged(follower.report(snapshot))] + news }
    generation += 1
    model = snapshot.model
    subject = Subject(
      snapshot.model, name: follower.name, path: Self.absolute(follower.path), record: snapshot.metrics.last,
      generation: generation)
    var actions: [Action] = []
    // A sample is encoded at once, so that the scatter is of the same weights as all else and neither training nor a key
    // waits long; at rest the others follow.
    var sample: CodeCloud?
    do {
      let watched = try follower.watched(by: snapshot.model)
      sample = try CodeCloud(of: watched, by: snapshot.model, id: nextCloud(), isIndexed: false)
      images = watched
    } catch {
      actions.append(.say(.error("\(error)")))
    }
    if snapshot.state != .running { encodeBeside { [images = follower.images] in (images, nil) } }
    return [.updated(subject, sample), .trainingChanged(follower.report(snapshot))] + news + actions
  }

  /// Says, should this program crash, how the run under way goes on from its last checkpoint.
  private func noteRun(_ path: String?) {
    TerminalSession.setCrashNote(
      path.map { "zscope train --resume \($0.shellWord) goes on with the run from its last checkpoint" } ?? "")
  }

  /// Tells the follower that the newest snapshot is on the screen.
  func presented() { follower?.presented() }
}
