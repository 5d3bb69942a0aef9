/**
 * The daemon. Its packages lie in layers, and each uses only those below it: {@code boot}, {@code api} and {@code
 * config}, {@code builder}, {@code container}, {@code image} and {@code runtime}, {@code snapshot}, {@code
 * registry}, {@code content} and {@code event}, {@code metadata}, {@code linux} and {@code host}, {@code error}.
 * {@code ArchitectureTest} enforces it. The root package holds the version alone.
 */
package dev.wherry.daemon;
