/// A data set that no file holds: its images are drawn by a seed, any number of them, on any machine. A set has its name, and
/// may have more, for its versions: then it draws by the rules of the version that was asked for.
struct DrawnSet: Sendable {
  let name: String
  let summary: String
  /// How many classes its images are of.
  let classes: Int
  /// The size of its images.
  let imageShape: ImageShape
  /// How many images of a half are drawn unless a number is asked for.
  let count: @Sendable (DataPart) -> Int
  /// The factor that a model is told, so that its code need not hold it, where nobody says which; nil: none.
  var standardAttribute: String?
  /// What files of a run call the set: the name of today's version; nil: its own.
  var recordedName: String?
  /// The version that files of a run mean by the set's own name; nil: the set as it is.
  var unnumberedName: String?
  /// Whether a name other than the set's own is that of a version of it.
  var isVersion: @Sendable (String) -> Bool = { _ in false }
  /// Throws a `DatasetError` for a name that is a version's of which this program knows nothing.
  var check: @Sendable (String) throws -> Void = { _ in }
  /// The names of the factors that the set of a name records, in its order.
  let factorNames: @Sendable (String) -> [String]
  /// Draws the first so many images of a seed.
  let images: @Sendable (_ name: String, _ count: Int, _ seed: UInt64, DataPart) throws -> ImageSet
}
