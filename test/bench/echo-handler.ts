// express + serverless-http and nothing else, as a function: what the bundle bench stands beside.
import express, { type Request, type Response } from 'express';
import serverless from 'serverless-http';

const app = express();
app.use((_request: Request, response: Response) => void response.end('ok'));

export const handler = serverless(app);
