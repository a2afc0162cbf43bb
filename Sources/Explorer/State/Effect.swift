import LatentModels

/// What a state asks of the world; carried out outside, and answered by actions.
enum Effect: Sendable {
  /// To see which models and data sets there are.
  case lookAround
  case openModel(String)
  /// To open a second model beside it; without a name the snapshot before.
  case compare(String?)
  /// To see which snapshots of the run there are, then to step among them.
  case stepSnapshots(SnapshotStep)
  /// To show the weights of a snapshot.
  case visit(SnapshotEntry)
  /// To read and encode a data set; `isAsked` where a person named it.
  case openData(String, isAsked: Bool)
  /// To open the data of a run and see whether it can begin, while its form is still open.
  case checkTraining(Configuration, run: String?)
  /// To lay the codes out by t-SNE beside the loop, or to give that up.
  case embed(CodeCloud)
  case stopEmbedding
  /// To fit a probe for the class to codes.
  case classify(CodeCloud)
  /// To encode what has been drawn, with the weights of a generation.
  case encode(DrawnImage, generation: Int)
  /// To tell what each dimension of codes knows of the image, beside the loop.
  case inform(CodeCloud)
  /// To measure codes beside the loop, or to give that up.
  case examine(Examination)
  case stopExamining
  /// To see what a folder holds.
  case listFolder(String)
  case stopReading
  /// To write a file.
  case export(Export)
  /// To begin a run, on data that are open already or are opened now.
  case startTraining(Configuration, run: String?, data: TrainingData? = nil)
  case training(TrainingCommand)
  case setControl(String, Double)
  /// To take up a run from its last checkpoint.
  case resumeTraining(String, rate: Double?)
  /// To follow a run that another process trains.
  case watchRun(String)
  /// To see whether the directory of a run that could be taken up is still there, and still that of the run of this number.
  case lookForRun(String, identity: String?)
  case setMouse(Bool)
}
