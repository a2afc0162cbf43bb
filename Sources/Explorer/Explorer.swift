// Placeholder until the first landing of this module.
