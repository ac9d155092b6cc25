/**
 * Stands in for the decoders that geotiff brings along. The app reads directories with that package and
 * unpacks the pixels itself (src/radiograph/formats/unpack.ts), so none of these ever runs.
 */
const absent = () => {
  throw new Error('This decoder of geotiff is not part of the app.');
};

export const inflate = absent;
export const ZSTDDecoder = absent;
export default absent;
