import Testing

@testable import LatentModels

@Suite("Groups that act on images and codes")
struct GroupActionTests {
  static let kinds: [GroupAction.Kind] = [
    .rotations, .rotationsAndFlips, .horizontalFlip, .verticalFlip, .flips, .rowShifts(step: 1), .rowShifts(step: 3),
    .columnShifts(step: 1), .columnShifts(step: 2),
  ]

  @Test("Every table is a group's: closed, associative, with an identity and inverses", arguments: kinds)
  func axioms(_ kind: GroupAction.Kind) throws {
    let group = try GroupAction(kind, height: 6, width: 6)
    let elements = group.elements.indices
    for g in elements {
      #expect(group.products[0][g] == g && group.products[g][0] == g)
      #expect(group.products[g][group.inverses[g]] == 0 && group.products[group.inverses[g]][g] == 0)
      #expect(Set(group.products[g]) == Set(elements))
      for h in elements {
        for k in elements {
          #expect(group.products[group.products[g][h]][k] == group.products[g][group.products[h][k]])
        }
      }
    }
  }

  @Test("Pixels follow the table: gh moves them as h and then g do, and no two elements alike", arguments: kinds)
  func homomorphism(_ kind: GroupAction.Kind) throws {
    let group = try GroupAction(kind, height: 6, width: 6)
    let image = Array(0..<36)
    for g in group.elements.indices {
      #expect(group.apply(g, to: image).sorted() == image)
      for h in group.elements.indices {
        #expect(group.apply(g, to: group.apply(h, to: image)) == group.apply(group.products[g][h], to: image))
      }
    }
    #expect(Set(group.pixelPermutations).count == group.order)
    #expect(group.apply(0, to: image) == image)
  }

  @Test("Codes follow the table too, in blocks; invariant dimensions stay", arguments: kinds)
  func regularRepresentation(_ kind: GroupAction.Kind) throws {
    let group = try GroupAction(kind, height: 6, width: 6)
    let dimensions = 3 + 2 * group.order
    let code = Array(0..<dimensions)
    func apply(_ element: Int, _ code: [Int]) throws -> [Int] {
      try group.latentPermutation(of: element, dimensions: dimensions, invariant: 3).map { code[Int($0)] }
    }
    var seen: Set<[Int]> = []
    for g in group.elements.indices {
      let moved = try apply(g, code)
      seen.insert(moved)
      #expect(moved.prefix(3) == [0, 1, 2] && moved.sorted() == code)
      // Each block is permuted within itself.
      #expect(moved[3..<3 + group.order].allSatisfy { (3..<3 + group.order).contains($0) })
      // g moves the dimension of the identity to its own.
      #expect(moved[3 + g] == 3)
      for h in group.elements.indices { #expect(try apply(g, apply(h, code)) == apply(group.products[g][h], code)) }
    }
    #expect(seen.count == group.order)
  }

  @Test("The elements are what they are called")
  func meaning() throws {
    let image = [1, 2, 3, 4]
    let square = try GroupAction(.rotationsAndFlips, height: 2, width: 2)
    #expect(square.apply(1, to: image) == [2, 4, 1, 3])
    #expect(square.apply(2, to: image) == [4, 3, 2, 1])
    #expect(square.apply(4, to: image) == [2, 1, 4, 3])
    #expect(square.apply(5, to: image) == square.apply(1, to: square.apply(4, to: image)))
    #expect(try GroupAction(.verticalFlip, height: 2, width: 2).apply(1, to: image) == [3, 4, 1, 2])
    let wide = [1, 2, 3, 4, 5, 6]
    #expect(try GroupAction(.columnShifts(step: 1), height: 2, width: 3).apply(1, to: wide) == [3, 1, 2, 6, 4, 5])
    #expect(try GroupAction(.rowShifts(step: 1), height: 2, width: 3).apply(1, to: wide) == [4, 5, 6, 1, 2, 3])
    #expect(try GroupAction(.flips, height: 2, width: 3).apply(3, to: wide) == [6, 5, 4, 3, 2, 1])
  }

  @Test("What does not fit is refused in words")
  func refusals() throws {
    #expect(throws: GroupActionError.self) { try GroupAction(.rotations, height: 2, width: 3) }
    #expect(throws: GroupActionError.self) { try GroupAction(.rowShifts(step: 4), height: 6, width: 6) }
    #expect(throws: GroupActionError.self) { try GroupAction(.columnShifts(step: 0), height: 6, width: 6) }
    #expect(throws: GroupActionError.self) { try GroupAction(.flips, height: 0, width: 6) }
    #expect(throws: GroupActionError.self) { try GroupAction(.flips, height: .max, width: 2) }
    let group = try GroupAction(.rotations, height: 28, width: 28)
    let error = #expect(throws: GroupActionError.self) {
      try group.latentPermutation(of: 1, dimensions: 10, invariant: 0)
    }
    #expect(error?.description.contains("let 2 be invariant") == true)
    #expect(throws: GroupActionError.self) { try group.latentPermutation(of: 4, dimensions: 8, invariant: 0) }
    #expect(throws: GroupActionError.self) { try group.latentPermutation(of: 0, dimensions: 8, invariant: -4) }
    #expect(throws: GroupActionError.self) { try group.latentPermutation(of: 0, dimensions: 4, invariant: 8) }
    // What is advised will do: of as many dimensions as a block has none are invariant, unless that was said.
    func codes(_ dimensions: Int) -> [LatentVariable] { [.init(name: "z", kind: .continuous(dimensions: dimensions))] }
    #expect(throws: GroupActionError.self) { try GroupStructure(group, variables: codes(8), invariant: -4) }
    let few = #expect(throws: GroupActionError.self) { try GroupStructure(group, variables: codes(3)) }
    #expect(few?.description.contains("3 latent dimensions hold no block of 4") == true)
    #expect(few?.description.contains("use 4 dimensions or more") == true)
    #expect(try GroupStructure(group, variables: codes(4)).invariantColumns.isEmpty)
    let said = #expect(throws: GroupActionError.self) { try GroupStructure(group, variables: codes(4), invariant: 2) }
    #expect(said?.description.contains("use 6 dimensions or more") == true)
    #expect(try GroupStructure(group, variables: codes(6), invariant: 2).invariantColumns == [0, 1])
  }
}
