/**
 * Builds: from a Dockerfile and a build context to an image. {@link dev.wherry.daemon.builder.Builder} is the entrance.
 *
 * <p>A build reads its Dockerfile ({@code dockerfile}), plans the stages that the target needs as a graph of vertices
 * ({@code plan}), solves the graph ({@code solver}) and exports the result ({@code export}). A vertex is a file system
 * that is given, or a step: an operation of {@code run} or {@code copy} on a parent. Each step has one ordered list of
 * inputs ({@code cache}); its digest is the cache key, and the difference from an earlier list is the explanation of a
 * cache miss ({@code explain}). Files come from {@code context} and {@code source}; {@code report} reads a Dockerfile
 * without building it; {@code shell} opens a shell in the state of a step.
 *
 * <p>Packages inside use each other in one direction only: plan, then run and copy, then shell, then solver, then explain and cache,
 * then context. No package inside uses this one.
 */
package dev.wherry.daemon.builder;
