'use client'; // React's server components hand what follows to the browser.

export { type RecommenderState, type UseRecommenderOptions, useRecommender } from './use_recommender.js';
export { useRecommendations } from './use_recommendations.js';
