import CNcurses
import CTerminal
import Canvas
import Glibc

/// ncurses as what it does best: from two screens, the bytes that turn one into the other.
///
/// ncurses writes into memory instead of the terminal, so that a frame is handed over as a whole, counted exactly, and
/// can wait for a slow terminal. It is one per process and belongs to one thread.
final class CursesScreen {
  /// What terminfo says of the terminal.
  let description: TerminalDescription
  /// The colours in use.
  let colors: ColorLevel
  private let memory: Int32
  private var size: (width: Int, height: Int)
  private var glyph: PrintableGlyph
  private var pairs: [UInt64: Int32] = [:]
  private var shown: [Cell] = []
  private var line: [cchar_t] = []
  private var cursorIsVisible = true
  /// The index of the cell the cursor rests on.
  private var cursor = 0
  private var compressor = StyleCompressor()
  private var encoder: CellEncoder?
  /// Whether the next frame enters full-screen mode.
  private var isEntering = true
  /// Bytes that go before the next frame.
  private var preamble: [UInt8] = []

  /// Starts ncurses for a terminal type; nil when there is no description of it.
  init?(
    type: String, colors chosen: (TerminalDescription) -> ColorLevel, unicode: Bool, size: (width: Int, height: Int)
  ) {
    memory = terminal_memory_file("zscope-frame")
    guard memory >= 0, let output = fdopen(memory, "w") else { return nil }
    // LINES and COLUMNS describe the terminal the program was started from, not what it becomes.
    use_env(false)
    // Descriptions without a size (the Linux console's) would otherwise be refused.
    use_tioctl(true)
    guard newterm(type, output, curses_standard_input()) != nil else { return nil }
    description = TerminalDescription(name: type)
    colors = chosen(description)
    glyph = PrintableGlyph(unicode: unicode)
    encoder = CellEncoder(description: description)
    self.size = size
    // Input is read elsewhere: looking at it would make ncurses give up frames half-way.
    typeahead(-1)
    if colors != .mono {
      start_color()
      use_default_colors()
    }
    resize(to: size)
    // ncurses has prepared the terminal for a size it guessed; it does so again for the true one.
    leave()
  }

  /// Takes another size on; the next frame is drawn from nothing.
  func resize(to size: (width: Int, height: Int)) {
    self.size = size
    cursor = 0
    resizeterm(Int32(size.height), Int32(size.width))
    werase(curses_standard_screen())
    // A terminal may keep the old lines as its scrolling region, and then scroll where nothing should.
    preamble = description.scrollingRegion(height: size.height)
    repaint()
  }

  /// Makes the next frame clear the screen and draw everything.
  func repaint() {
    shown = []
    clearok(curses_standard_screen(), true)
  }

  /// Leaves full-screen mode in ncurses' own books, so that the next frame enters it again.
  func leave() {
    endwin()
    _ = takeBytes()
    preamble = []
    isEntering = true
    // Whoever uses the terminal meanwhile leaves it in any style.
    compressor.forget()
    repaint()
  }

  /// The bytes that turn the screen into `frame`, and how many cells they change.
  func draw(_ frame: Frame) -> (bytes: [UInt8], cells: Int) {
    let isFresh = shown.isEmpty
    let changed = put(frame)
    let position = frame.cursor.flatMap { position -> Int? in
      (0..<size.width).contains(position.column) && (0..<size.height).contains(position.row)
        ? position.row * size.width + position.column : nil
    }
    if (position != nil) != cursorIsVisible {
      cursorIsVisible = position != nil
      curs_set(cursorIsVisible ? 1 : 0)
      preamble += takeBytes()
    }
    let start = cursor
    // A hidden cursor may stay where it is.
    cursor = position ?? cursor
    let window = curses_standard_screen()
    wmove(window, Int32(cursor / size.width), Int32(cursor % size.width))
    wnoutrefresh(window)
    doupdate()
    var bytes = takeBytes()
    if isEntering {
      // ncurses restores the palette's colours, which a person may have changed and this program never does.
      bytes.removeFirst(occurrenceOf: description.paletteReset)
      isEntering = false
    }
    defer { preamble = [] }
    return (preamble + cheapest(bytes, changing: isFresh ? [] : changed, from: start), changed.count)
  }

  /// What ncurses wrote to change the given cells, or something shorter that does the same.
  private func cheapest(_ bytes: [UInt8], changing changed: [Int], from start: Int) -> [UInt8] {
    var ordinary = compressor
    let rowByRow = ordinary.compress(bytes)
    defer { compressor = ordinary }
    // Writing the last cell may scroll; ncurses knows ways around that.
    guard (2...DrawingOrder.mostCells).contains(changed.count), changed.last != shown.count - 1, !ordinary.stepsAside,
      encoder != nil
    else { return rowByRow }
    let (cells, colors) = (shown, colors)
    let order = DrawingOrder.order(changed, of: cells, width: size.width, start: start)
    let encoded = encoder?.encode(order, width: size.width, from: start, to: cursor) { index in
      let cell = cells[index]
      let (foreground, background) = colors == .mono ? (-1, -1) : (number(cell.foreground), number(cell.background))
      return (
        glyph(cell.glyph),
        CellEncoder.Style(foreground: foreground, background: background, attributes: cell.attributes)
      )
    }
    var other = compressor
    let ordered = other.compress(encoded ?? bytes)
    guard !other.stepsAside, ordered.count < rowByRow.count else { return rowByRow }
    ordinary = other
    return ordered
  }

  // MARK: - Cells

  /// Hands the cells that differ from what is shown to ncurses, whole runs at once. Returns their indices.
  private func put(_ frame: Frame) -> [Int] {
    if pairs.count > 60_000 { forgetPairs() }
    let (width, height) = size
    let fresh = shown.count != width * height
    if fresh { shown = [Cell](repeating: .blank, count: width * height) }
    let window = curses_standard_screen()
    let isWhole = frame.width == width && frame.height == height
    var changed: [Int] = []
    func flush() {
      guard let last = changed.last, !line.isEmpty else { return }
      let first = last + 1 - line.count
      mvwadd_wchnstr(window, Int32(first / width), Int32(first % width), line, Int32(line.count))
      line.removeAll(keepingCapacity: true)
    }
    frame.cells.withUnsafeBufferPointer { cells in
      for row in 0..<height {
        let first = row * width
        if isWhole, !fresh, isShown(cells, first..<(first + width)) { continue }
        for index in first..<(first + width) {
          let cell = isWhole ? cells[index] : frame[index % width, row]
          guard fresh || cell != shown[index] else { continue }
          if index == first || changed.last != index - 1 { flush() }
          shown[index] = cell
          line.append(character(for: cell))
          changed.append(index)
        }
      }
      flush()
    }
    return changed
  }

  /// Whether cells are shown already, to the byte, as most rows of a frame are; where they are not, one may be the same still.
  private func isShown(_ cells: UnsafeBufferPointer<Cell>, _ range: Range<Int>) -> Bool {
    shown.withUnsafeBytes { shown in
      let bytes = range.lowerBound * MemoryLayout<Cell>.stride..<range.upperBound * MemoryLayout<Cell>.stride
      let cells = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(cells)[bytes])
      guard let shown = UnsafeRawBufferPointer(rebasing: shown[bytes]).baseAddress, let cells = cells.baseAddress else {
        return false
      }
      return memcmp(shown, cells, bytes.count) == 0
    }
  }

  private func character(for cell: Cell) -> cchar_t {
    var attributes: attr_t = 0
    if cell.attributes.rawValue != 0 {
      if cell.attributes.contains(.bold) { attributes |= curses_bold }
      if cell.attributes.contains(.dim) { attributes |= curses_dim }
      if cell.attributes.contains(.underline) { attributes |= curses_underline }
      if cell.attributes.contains(.reverse) { attributes |= curses_reverse }
    }
    var text: (wchar_t, wchar_t) = (wchar_t(glyph(cell.glyph).value), 0)
    var pair = colors == .mono ? 0 : pair(cell.foreground, cell.background)
    var result = cchar_t()
    withUnsafeMutablePointer(to: &text) {
      $0.withMemoryRebound(to: wchar_t.self, capacity: 2) { text in
        // The pair is passed by reference: numbers above 32,767 do not fit the older argument.
        withUnsafeMutablePointer(to: &pair) { _ = setcchar(&result, text, attributes, 0, UnsafeMutableRawPointer($0)) }
      }
    }
    return result
  }

  // MARK: - Colours

  private func pair(_ foreground: Color, _ background: Color) -> Int32 {
    let (front, back) = (number(foreground), number(background))
    if front < 0 && back < 0 { return 0 }
    let key = UInt64(UInt32(bitPattern: front)) << 32 | UInt64(UInt32(bitPattern: back))
    if let known = pairs[key] { return known }
    let pair = max(0, alloc_pair(front, back))
    pairs[key] = pair
    return pair
  }

  /// ncurses' number for a colour; -1 is the terminal's own.
  private func number(_ color: Color) -> Int32 {
    switch color.limited(to: colors) {
    case .standard: return -1
    case .palette(let index):
      // Where numbers are red, green and blue, only the first eight mean the palette.
      return colors == .direct && index >= 8 ? Self.direct(Palette.rgb(index)) : Int32(index)
    case .direct(let red, let green, let blue): return Self.direct(SIMD3(red, green, blue))
    }
  }

  private static func direct(_ color: SIMD3<UInt8>) -> Int32 {
    // The eight darkest blues would be read as palette entries.
    max(8, Int32(color.x) << 16 | Int32(color.y) << 8 | Int32(color.z))
  }

  /// Pairs are capped, and ncurses would reuse those still on the screen: start over instead.
  private func forgetPairs() {
    reset_color_pairs()
    pairs = [:]
    repaint()
  }

  // MARK: - Bytes

  private func takeBytes() -> [UInt8] {
    let count = Int(lseek(memory, 0, SEEK_CUR))
    guard count > 0 else { return [] }
    lseek(memory, 0, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = max(0, pread(memory, buffer.baseAddress, count, 0))
    }
  }
}

extension [UInt8] {
  /// Removes a run of bytes where it first occurs.
  mutating func removeFirst(occurrenceOf run: [UInt8]) {
    guard !run.isEmpty, count >= run.count else { return }
    for start in 0...(count - run.count) where self[start..<(start + run.count)].elementsEqual(run) {
      removeSubrange(start..<(start + run.count))
      return
    }
  }
}
