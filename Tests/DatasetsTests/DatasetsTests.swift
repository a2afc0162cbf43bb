// Placeholder until the first landing of this module's tests.
