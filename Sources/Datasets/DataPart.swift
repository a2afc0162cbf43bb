/// Which half of a published data set.
public enum DataPart: String, Sendable, Codable, CaseIterable {
  /// What models learn from: 60,000 images of MNIST.
  case training
  /// What they are judged by: 10,000 images of MNIST.
  case test
}
