package dev.sluice.control.http;

import dev.sluice.model.snapshot.Digest;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The console's own files and those of its libraries, all on the class path. Reading them blocks.
 *
 * @param build names this state of all of them
 * @param libraries where those below {@code lib/} lie: a file, or a directory with everything in it
 */
record ConsoleFiles(String build, Map<String, String> libraries) {
    private static final String OWN = "/console/";
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_-]+[./])*[A-Za-z0-9_-]+");
    private static final Map<String, String> MEDIA_TYPES =
            Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml");

    static ConsoleFiles find() throws IOException {
        String vue = "/META-INF/resources/webjars/vue/" + version("org.webjars.npm/vue");
        String uplot = "/META-INF/resources/webjars/uplot/" + version("org.webjars.npm/uplot");
        String shoelace = "/META-INF/resources/webjars/shoelace-style__shoelace/"
                + version("org.webjars.npm/shoelace-style__shoelace");
        Map<String, String> libraries = Map.of(
                "lib/vue.js", vue + "/dist/vue.runtime.esm-browser.prod.js",
                "lib/htm.js", "/META-INF/resources/_static/htm/" + version("org.mvnpm/htm") + "/dist/htm.module.js",
                "lib/uplot.js", uplot + "/dist/uPlot.esm.js",
                "lib/uplot.css", uplot + "/dist/uPlot.min.css",
                "lib/shoelace", shoelace + "/cdn");
        Buffer all = Buffer.buffer(vue + uplot + shoelace);
        for (String own : ownFiles()) {
            all.appendString(own).appendBuffer(read(OWN + own));
        }
        return new ConsoleFiles(Digest.of(all.getBytes()).hex().substring(0, 16), libraries);
    }

    /** The one page. */
    Buffer page() throws IOException {
        return Buffer.buffer(read(OWN + "index.html").toString().replace("{{build}}", build));
    }

    /** A file by its name below the build; null when there is none. */
    @Nullable
    Buffer file(String name) throws IOException {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (!NAME.matcher(name).matches() || !MEDIA_TYPES.containsKey(extension)) {
            return null;
        }
        String resource = name.startsWith("lib/") ? library(name) : OWN + name;
        if (resource == null || ConsoleFiles.class.getResource(resource) == null) {
            return null;
        }
        return read(resource);
    }

    /** By the extension, of files that {@link #file} knows. */
    static String mediaType(String name) {
        return MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private @Nullable String library(String name) {
        String file = libraries.get(name);
        if (file != null) {
            return file;
        }
        int slash = name.indexOf('/', "lib/".length());
        String directory = slash < 0 ? null : libraries.get(name.substring(0, slash));
        return directory == null ? null : directory + name.substring(slash);
    }

    private static List<String> ownFiles() throws IOException {
        URL index = ConsoleFiles.class.getResource(OWN + "index.html");
        if (index == null) {
            throw new IOException("Missing resource " + OWN + "index.html");
        }
        try {
            URI uri = index.toURI();
            if (!uri.getScheme().equals("jar")) {
                return namesBelow(Path.of(uri).resolveSibling(""));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return namesBelow(jar.getPath(OWN));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static List<String> namesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static Buffer read(String resource) throws IOException {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("Missing resource " + resource);
            }
            return Buffer.buffer(in.readAllBytes());
        }
    }

    private static String version(String library) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(
                read("/META-INF/maven/" + library + "/pom.properties").toString(StandardCharsets.UTF_8)));
        return properties.getProperty("version");
    }
}
