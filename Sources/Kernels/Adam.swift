import CIntrinsics
import KernelInterface

/// Adam (Kingma & Ba 2014, 1412.6980), sixteen parameters at a time.
struct AdamMachine {
  let value: UnsafeMutablePointer<Float>
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
  let beta1: Vector
  let oneMinusBeta1: Vector
  let beta2: Vector
  let oneMinusBeta2: Vector
  let stepSize: Vector
  let secondCorrection: Vector
  let epsilon: Vector
  let scale: Vector

  /// Loads the constants; an inactive machine reads nothing and must not be used.
  @inline(__always)
  init(state: AdamState, context: UnsafePointer<RunContext>, active: Bool = true) {
    let location = Location()
    value = context.pointee.address(active ? state.value : location)
    first = context.pointee.address(active ? state.first : location)
    second = context.pointee.address(active ? state.second : location)
    beta1 = splat(state.beta1)
    oneMinusBeta1 = splat(1 - state.beta1)
    beta2 = splat(state.beta2)
    oneMinusBeta2 = splat(1 - state.beta2)
    let rate = active ? context.pointee.address(state.rate).pointee : 0
    let correction = active ? context.pointee.corrections[state.correction] : AdamCorrection()
    stepSize = splat(rate * correction.first)
    secondCorrection = splat(correction.second)
    epsilon = splat(state.epsilon)
    scale = splat(active && state.scale.base >= 0 ? context.pointee.address(state.scale).pointee : 1)
  }

  /// The new value and moments for old ones and a gradient.
  @inline(__always)
  private func next(_ gradient: Vector, _ value: Vector, _ first: Vector, _ second: Vector) -> (Vector, Vector, Vector)
  {
    let g = gradient * scale
    let m = multiplyAdd(oneMinusBeta1, g, beta1 * first)
    let v = multiplyAdd(oneMinusBeta2 * g, g, beta2 * second)
    let root = multiplyAdd(zscope_square_root16(v), secondCorrection, epsilon)
    return (value - stepSize * m / root, m, v)
  }

  /// Asks for the state at `place`, which will be updated soon.
  @inline(__always)
  func prefetch(_ place: Int) {
    zscope_prefetch(value + place)
    zscope_prefetch(first + place)
    zscope_prefetch(second + place)
  }

  /// Updates sixteen parameters at `place`.
  @inline(__always)
  func update(_ gradient: Vector, _ place: Int) {
    let (p, m, v) = next(gradient, load(value + place), load(first + place), load(second + place))
    store(p, value + place)
    store(m, first + place)
    store(v, second + place)
  }

  /// Updates the first `count` of sixteen parameters at `place`.
  func update(_ gradient: Vector, _ place: Int, _ count: Int) {
    let (p, m, v) = next(gradient, load(value + place), load(first + place), load(second + place))
    for lane in 0..<count {
      value[place &+ lane] = p[lane]
      first[place &+ lane] = m[lane]
      second[place &+ lane] = v[lane]
    }
  }
}

func runAdam(
  _ update: UnsafePointer<AdamUpdate>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int
) {
  let adam = AdamMachine(state: update.pointee.state, context: context)
  let gradient = context.pointee.address(update.pointee.gradient)
  let end = min(update.pointee.count, last &* UnitSize.adamElements)
  var place = first &* UnitSize.adamElements
  while place &+ 16 <= end {
    adam.update(load(gradient + place), place)
    place &+= 16
  }
  if place < end { adam.update(load(gradient + place), place, end &- place) }
}
