package dev.wherry.daemon.registry;

/** A repository that a search found. */
public record FoundRepository(String name, String description, long stars, boolean official, boolean automated) {}
