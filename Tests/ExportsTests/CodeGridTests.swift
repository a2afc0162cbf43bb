import Tensors
import Testing

@testable import Exports

@Suite struct CodeGridTests {
  @Test func everyRowTakesEveryClassAndKeepsItsStyle() {
    let rows = Tensor(shape: [2, 4], elements: [1, 0.2, 0.8, 2, 3, 0.5, 0.5, 4])
    let grid = CodeGrid(classNames: ["cat", "dog"], at: 1..<3)
    #expect(grid.names == ["cat", "dog"])
    #expect(
      grid.codes(of: rows)
        == Tensor(shape: [4, 4], elements: [1, 1, 0, 2, 1, 0, 1, 2, 3, 1, 0, 4, 3, 0, 1, 4]))
  }

  @Test func aDimensionIsWalkedInEveryRow() {
    let grid = CodeGrid(values: [-1, 0, 1], names: ["a", "b", "c"], dimension: 0)
    let codes = grid.codes(of: Tensor(shape: [1, 2], elements: [7, 8]))
    #expect(codes == Tensor(shape: [3, 2], elements: [-1, 8, 0, 8, 1, 8]))
  }
}
