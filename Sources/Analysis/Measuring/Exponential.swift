import Glibc

/// `e^x` of the C library, whose name a file that needs nothing else of it can do without.
func exponential(_ x: Double) -> Double { exp(x) }
