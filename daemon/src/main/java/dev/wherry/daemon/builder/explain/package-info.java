/**
 * Explains why a step was not taken from the cache. Keeps the history of builds with the inputs of each step, lists of
 * copied files and the output of steps, and compares a step that missed with the nearest earlier one. Knows nothing of
 * the graph or of how steps are performed.
 */
package dev.wherry.daemon.builder.explain;
