// Stands where a package's glue code would load a module of Node's in Node. Empty: browsers never get there.
export default {};
