import Tensors

/// Standard normal numbers that every run draws alike.
func normals(_ count: Int, seed: UInt64) -> [Float] {
  let random = CounterRandom(seed: seed, stream: 0x6d65_6173)
  return (0..<count).map { random.normal(UInt64($0)) }
}
