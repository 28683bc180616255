/** The classic model: its sizes, and the seed of its weights. models/make.py gets them from here. */
export const classic = { seed: 7, items: 10_000, embedding: 16, hidden: 128, layers: 2, window: 50 };

/** Of the head's training steps: small, since the same head is trained on thousands of random examples. */
export const learningRate = 0.01;
