/** For what a controller asks besides the cluster. */
export { Agent, send } from '../../src/kubernetes/http-client.ts'
