/**
 * Filters as docker's {@code --filter KEY=VALUE} gives them: their syntax and what all of them share. Which keys an
 * object has, and what they mean, is said beside the object: {@code container}, {@code image}, {@code event} and
 * {@code builder.cache} each have one class for it.
 */
package dev.wherry.daemon.filter;
