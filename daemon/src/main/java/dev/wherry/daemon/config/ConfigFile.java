package dev.wherry.daemon.config;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration file: a YAML mapping of {@linkplain ConfigKey keys} to values.
 *
 * @param path where it was read, or looked for
 * @param present whether it was there
 * @param values as text, several parted by commas
 */
record ConfigFile(Path path, boolean present, Map<ConfigKey, String> values) {

    /** Far more than all keys need, and little enough to parse whatever it holds. */
    static final int MAX_BYTES = 64 * 1024;

    ConfigFile {
        Map<ConfigKey, String> copy = new EnumMap<>(ConfigKey.class);
        copy.putAll(values);
        values = copy;
    }

    Optional<String> value(ConfigKey key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * Reads a file.
     *
     * @param required whether it is a mistake that it is not there
     * @throws InvalidInputException when it cannot be read or holds mistakes; the message has a line for each
     */
    static ConfigFile read(Path path, boolean required) {
        if (!required && Files.notExists(path)) {
            return new ConfigFile(path, false, Map.of());
        }
        return new ConfigFile(path, true, new ConfigParser(path).parse(text(path)));
    }

    private static String text(Path path) {
        if (Files.notExists(path)) {
            throw new InvalidInputException("there is no configuration file " + path);
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new InvalidInputException(path + " is not a file");
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidInputException(path + " is larger than " + MAX_BYTES / 1024 + " KiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException mistake) {
            throw new InvalidInputException(path + " is not UTF-8 text");
        } catch (AccessDeniedException denied) {
            throw new InvalidInputException("cannot read " + path + ": permission denied");
        } catch (IOException failure) {
            throw new InvalidInputException("cannot read " + path + ": " + failure.getMessage());
        }
    }
}
