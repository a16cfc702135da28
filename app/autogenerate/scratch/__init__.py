"""The models built in a scratch schema, recorded, remembered, parsed once more."""
