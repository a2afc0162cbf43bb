import Datasets

extension State {
  /// The data set to propose where points are missing, and to train on: what the model was trained on, unless that is a set
  /// known by name that is not here, in whose place there is another of its size.
  var suggestedData: String {
    guard let own = subject.configuration?.training.dataTitle, !own.isEmpty else { return surroundings.defaultData }
    return surroundings.isAbsent(own) && subject.imageWidth == 28 && subject.imageHeight == 28
      ? surroundings.defaultData : own
  }

  /// What stands in the way where there are fewer stored codes than so many: a note while some are being read, else an error
  /// with what brings them; nil where there are enough.
  ///
  /// - Parameter lack: what the error says of it, in place of what such codes are needed for anywhere.
  func shortage(ofCodes least: Int = 1, _ lack: String? = nil) -> Message? {
    let count = cloud?.count ?? 0
    guard count < least else { return nil }
    if let readingData { return .note("\(readingData) is being read: a moment") }
    let lack = lack ?? (count == 0 ? "that takes codes" : "that takes more than \(Numbers.counted(count, "code"))")
    return .error("\(lack): :data \(suggestedData) brings \(count == 0 ? "some" : "others")")
  }

  /// Why nothing is shown of codes where there are none.
  var codesAbsence: Message? { shortage("no codes") }

  /// What to do where classes are missing: a data set that has them and whose images fit the model, as far as one is
  /// known by name; a file of one's own may be without.
  var labelAdvice: String {
    // Every set that has a name is labelled, and 28 pixels wide and high.
    guard subject.imageWidth == 28, subject.imageHeight == 28 else {
      return
        "of the data sets known by name none has images of \(ImageShape.text(height: subject.imageHeight, width: subject.imageWidth)): "
        + "open labelled images of your own with :data PATH"
    }
    let own = subject.configuration?.training.dataTitle ?? ""
    let isHere = surroundings.dataNames.contains(own) && !surroundings.absentData.contains(own)
    return "open a labelled data set with :data \(isHere ? own : surroundings.defaultData)"
  }

  /// The data set that belongs to the model beside its own codes: what a person chose for it, else, where no codes lie
  /// beside it, what it was trained on.
  func ownData(hasCodes: Bool) -> String? {
    if let place = subject.place, let chosen = chosenData[place] { return chosen }
    return hasCodes ? nil : subject.data
  }
}
