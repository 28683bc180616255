// Names in the folder that `npm run models` fills, of the files that more than one contender or the run itself reads.
export const floatWeightsFile = 'weights.safetensors';
export const sottoModelFile = 'sotto.fixed.safetensors';
