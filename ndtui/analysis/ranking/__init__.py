"""Order of weight: the filters of a layer from first to last match, and how well the weight model does on a dump."""
