package dev.wherry.daemon.config;

import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.access.SizeText;
import dev.wherry.daemon.builder.cache.ByteAmount;
import dev.wherry.daemon.builder.dockerfile.instruction.GoDuration;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.network.AddressPool;
import dev.wherry.daemon.registry.RegistrySettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the value of a {@link ConfigKey} looks like as text. Lists and maps are written as one text, parted by commas. */
public enum ValueForm {
    PATH,
    NAME,
    HOST,
    HOSTS,
    ADDRESSES,
    MIRRORS,
    PROGRAMS,
    LOG_DRIVER,
    LOG_OPTIONS,
    DRIVER,
    POOLS,
    LOOPBACK,
    COLLECTOR,
    LEVEL,
    DURATION,
    SIZE,
    FLAG,
    AGE,
    AMOUNT,
    ROLES,
    PATHS,
    REPOSITORIES,
    AUDIT;

    private static final int MAX_LENGTH = 4096;
    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final List<String> DRIVERS = List.of("auto", "cgroupfs", "systemd");
    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}=\\s*/[^,]+");
    private static final Pattern LOOPBACK_ADDRESS =
            Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1]):[0-9]{1,5}|unix:///.+");
    private static final Pattern COLLECTOR_URL = Pattern.compile("https?://[^/\\s@]+(/[^\\s?#]*)?");
    private static final Pattern TCP = Pattern.compile(
            "tcp://(\\[(?<v6>[0-9A-Fa-f:.]{2,45})]|(?<host>[A-Za-z0-9][A-Za-z0-9_.-]{0,252})):(?<port>[0-9]{1,5})");
    private static final int MAX_PORT = 65535;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,7}");
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,5})d");

    /** Whether there may be several values. */
    public boolean isMany() {
        return isList() || isMapping();
    }

    /** Whether there may be several values, each for itself. */
    boolean isList() {
        return this == HOSTS || this == ADDRESSES || this == PATHS || this == REPOSITORIES;
    }

    /** Whether the values are pairs of a name and what it stands for. */
    boolean isMapping() {
        return this == MIRRORS || this == PROGRAMS || this == LOG_OPTIONS || this == ROLES || this == POOLS;
    }

    /** What is wrong with one value, without its key; empty when it is right. */
    public Optional<String> problem(String value) {
        if (value.isBlank()) {
            return Optional.of("has no value");
        }
        if (value.length() > MAX_LENGTH || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return Optional.of("is too long or holds control characters");
        }
        return switch (this) {
            case PATH, NAME -> Optional.empty();
            case HOST, HOSTS -> unless(RegistrySettings.isHost(value), value, "a registry, HOST or HOST:PORT");
            case ADDRESSES -> unless(address(value).isPresent(), value, "of the form tcp://HOST:PORT");
            case MIRRORS -> unless(isMirror(value), value, "of the form HOST=MIRROR");
            case PROGRAMS ->
                unless(PROGRAM.matcher(value).matches(), value, "of the form NAME=PATH, with an absolute path");
            case LOG_DRIVER ->
                unless(
                        LogOptions.Driver.titles().contains(value),
                        value,
                        "one of " + String.join(", ", LogOptions.Driver.titles()));
            case LOG_OPTIONS -> unless(value.indexOf('=') > 0, value, "of the form OPTION=VALUE");
            case DRIVER -> unless(DRIVERS.contains(value), value, "one of " + String.join(", ", DRIVERS));
            case LOOPBACK ->
                unless(LOOPBACK_ADDRESS.matcher(value).matches(), value, "a port of loopback or unix:///PATH");
            case COLLECTOR ->
                unless(
                        COLLECTOR_URL.matcher(value).matches(),
                        value,
                        "the address of a collector such as http://127.0.0.1:4318");
            case LEVEL -> unless(level(value).isPresent(), value, "one of " + levels());
            case FLAG -> unless(value.equals("true") || value.equals("false"), value, "true or false");
            case AGE -> unless(duration(value).isPresent(), value, "a time such as 48h or 60d");
            case AMOUNT ->
                unless(ByteAmount.parse(value).isPresent(), value, "an amount of disk space, such as 10GB or 10%");
            case DURATION -> unless(isDuration(value), value, "a time of at most an hour, such as 10s or 2m");
            case ROLES -> problem(RoleBinding::parse, value);
            case POOLS -> problem(AddressPool::parse, value);
            case AUDIT ->
                unless(
                        value.equals("off") || value.equals("log") || value.startsWith("/"),
                        value,
                        "off, log or an absolute path");
            case PATHS -> unless(value.startsWith("/"), value, "an absolute path");
            case REPOSITORIES ->
                unless(
                        RegistrySettings.isMirror(value.replaceFirst("/$", "")),
                        value,
                        "a registry with the beginning of a repository, HOST/PREFIX");
            case SIZE -> unless(SizeText.parse(value).isPresent(), value, "a size such as 500MiB or 4GiB");
        };
    }

    private static Optional<String> problem(Function<String, ?> parser, String value) {
        try {
            parser.apply(value);
            return Optional.empty();
        } catch (InvalidInputException malformed) {
            return Optional.of(malformed.getMessage());
        }
    }

    private static Optional<String> unless(boolean right, String value, String wanted) {
        return right ? Optional.empty() : Optional.of("\"" + value + "\" is not " + wanted);
    }

    private static boolean isMirror(String value) {
        String[] sides = value.split("=", 2);
        return sides.length == 2
                && RegistrySettings.isMirror(sides[0].strip())
                && RegistrySettings.isMirror(sides[1].strip());
    }

    private static boolean isDuration(String value) {
        return duration(value).filter(time -> time.compareTo(MAX_DURATION) <= 0).isPresent();
    }

    /** A time as Go reads it, a number of days such as 60d, or a number of seconds; empty when the text is none of them. */
    static Optional<Duration> duration(String value) {
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        Matcher days = DAYS.matcher(value);
        return days.matches()
                ? Optional.of(Duration.ofDays(Long.parseLong(days.group(1))))
                : GoDuration.parse(value).filter(time -> !time.isNegative());
    }

    /** Bytes of a checked form; units are powers of 1024. */
    static long size(String value) {
        return SizeText.parse(value).orElseThrow();
    }

    /** The address to listen on, not resolved; empty when the text is none. */
    static Optional<InetSocketAddress> address(String value) {
        Matcher parts = TCP.matcher(value);
        return parts.matches() && Integer.parseInt(parts.group("port")) <= MAX_PORT
                ? Optional.of(InetSocketAddress.createUnresolved(
                        parts.group("v6") == null ? parts.group("host") : parts.group("v6"),
                        Integer.parseInt(parts.group("port"))))
                : Optional.empty();
    }

    static Optional<LogLevel> level(String value) {
        return Arrays.stream(LogLevel.values())
                .filter(level -> level.name().equalsIgnoreCase(value))
                .findFirst();
    }

    private static String levels() {
        return Arrays.stream(LogLevel.values())
                .map(level -> level.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** The values in a text of several. */
    static List<String> many(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
