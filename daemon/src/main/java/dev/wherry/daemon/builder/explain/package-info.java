/**
 * Why a step was not taken from the cache, by name. Keeps the history of builds with what each step depended on, lists of
 * the files that copies read, and the output of steps; and compares a step that missed with the nearest earlier one. Uses
 * {@code cache}, {@code context} and {@code metadata}, and knows nothing of the graph or of how steps are done.
 */
package dev.wherry.daemon.builder.explain;
