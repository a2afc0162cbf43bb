extension State {
  /// The data set to propose where points are missing: what the model was trained on, where that is here.
  var suggestedData: String {
    guard let own = subject.data, !own.isEmpty else { return surroundings.defaultData }
    return surroundings.absentData.contains(own) && subject.imageWidth == 28 && subject.imageHeight == 28
      ? surroundings.defaultData : own
  }

  /// The data set that belongs to the model beside its own codes: what a person chose for it, else, where no codes lie
  /// beside it, what it was trained on.
  func ownData(hasCodes: Bool) -> String? {
    if let place = subject.place, let chosen = chosenData[place] { return chosen }
    return hasCodes ? nil : subject.data
  }
}
