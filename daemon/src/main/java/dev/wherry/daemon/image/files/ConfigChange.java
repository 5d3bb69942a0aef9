package dev.wherry.daemon.image.files;

import java.util.Optional;

/**
 * A setting in which the configs of two images differ.
 *
 * @param field as the OCI image-spec names it: "Env", "Cmd"
 * @param key which variable, label, port or volume; empty for a field with one value
 * @param before empty if only the second image has the setting
 * @param after empty if only the first image has the setting
 */
public record ConfigChange(String field, String key, Optional<String> before, Optional<String> after) {}
