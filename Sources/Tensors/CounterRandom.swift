import Glibc

/// Random numbers as a function of (seed, stream, index): Threefry2x32 with 20 rounds (Salmon 2011, "Parallel random
/// numbers: as easy as 1, 2, 3"). There is no state, so any number can be drawn in any order on any thread.
public struct CounterRandom: Sendable, Hashable {
  let key: (UInt32, UInt32)

  /// The generator of one stream of one seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    let block = Self.block(
      key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      counter: (UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)))
    key = block
  }

  /// A further stream derived from this one.
  public func stream(_ stream: UInt64) -> CounterRandom {
    CounterRandom(seed: UInt64(key.0) | UInt64(key.1) << 32, stream: stream)
  }

  /// 64 random bits.
  public func bits(_ index: UInt64) -> UInt64 {
    let block = Self.block(
      key: key, counter: (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32)))
    return UInt64(block.0) | UInt64(block.1) << 32
  }

  /// Uniform on the open interval (0, 1), with 23 random bits.
  public func uniform(_ index: UInt64) -> Float { Self.uniform(word(index)) }

  /// Normal with mean 0 and variance 1 (Box & Muller 1958): the elements 2j and 2j + 1 are cosine and sine of one block.
  public func normal(_ index: UInt64) -> Float {
    let pair = bits(index >> 1)
    let radius = (-2 * log(Double(Self.uniform(UInt32(truncatingIfNeeded: pair))))).squareRoot()
    let angle = 2 * Double.pi * Double(Self.uniform(UInt32(truncatingIfNeeded: pair >> 32)))
    return Float(radius * (index & 1 == 0 ? cos(angle) : sin(angle)))
  }

  /// The 32 bits of element `index`: two neighbouring elements share one block.
  func word(_ index: UInt64) -> UInt32 {
    let pair = bits(index >> 1)
    return index & 1 == 0 ? UInt32(truncatingIfNeeded: pair) : UInt32(truncatingIfNeeded: pair >> 32)
  }

  /// A whole number in 0..<`bound`, nearly unbiased (bias below bound / 2⁶⁴).
  public func integer(below bound: Int, _ index: UInt64) -> Int {
    Int(truncatingIfNeeded: bits(index).multipliedFullWidth(by: UInt64(max(bound, 1))).high)
  }

  /// The numbers 0 ..< `count` in a random order (Fisher & Yates, Durstenfeld's form).
  public func permutation(of count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1, UInt64(last)))
    }
    return order
  }

  /// The numbers 0 ..< `count`, the first `drawn` of them at random without replacement (Fisher & Yates, from the front).
  public func order(of count: Int, drawing drawn: Int) -> [Int] {
    var order = Array(0..<count)
    for place in 0..<min(drawn, count) {
      order.swapAt(place, place + integer(below: count - place, UInt64(place)))
    }
    return order
  }

  /// The middle of one of 2²³ equal cells: neither 0 nor 1 can occur.
  static func uniform(_ word: UInt32) -> Float { (Float(word >> 9) + 0.5) * 0x1p-23 }

  /// Threefry2x32-20: one block of 64 bits for a key and a counter.
  static func block(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> (UInt32, UInt32) {
    let third = 0x1BD1_1BDA ^ key.0 ^ key.1
    let keys = (key.0, key.1, third)
    var x0 = counter.0 &+ keys.0
    var x1 = counter.1 &+ keys.1
    @inline(__always) func mix(_ rotation: UInt32) {
      x0 = x0 &+ x1
      x1 = (x1 << rotation | x1 >> (32 - rotation)) ^ x0
    }
    @inline(__always) func inject(_ a: UInt32, _ b: UInt32, _ number: UInt32) {
      x0 = x0 &+ a
      x1 = x1 &+ b &+ number
    }
    mix(13); mix(15); mix(26); mix(6)
    inject(keys.1, keys.2, 1)
    mix(17); mix(29); mix(16); mix(24)
    inject(keys.2, keys.0, 2)
    mix(13); mix(15); mix(26); mix(6)
    inject(keys.0, keys.1, 3)
    mix(17); mix(29); mix(16); mix(24)
    inject(keys.1, keys.2, 4)
    mix(13); mix(15); mix(26); mix(6)
    inject(keys.2, keys.0, 5)
    return (x0, x1)
  }

  /// Equality of keys.
  public static func == (left: CounterRandom, right: CounterRandom) -> Bool { left.key == right.key }
  /// Hashes the key.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key.0)
    hasher.combine(key.1)
  }
}
