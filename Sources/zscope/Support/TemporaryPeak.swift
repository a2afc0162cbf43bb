enum SgemmPeak { static func measure(threads: Int, repetitions: Int) -> Double { .nan } }
